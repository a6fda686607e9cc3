// The token's own end, as main sees it: whether it is good for all that is to come, what post will be able to do with it, and its early end.
import { Failure } from '../../core/failure.ts';
import type { Keep } from '../../core/grant.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { revokeSelf, type VaultCall } from './client.ts';
import { makes } from './engine-paths.ts';
import type { VaultToken } from './exchange.ts';
import { certificatePath, leasePath, lookAhead, NO_OUTLOOK, ONCE, type Outlook, SELF } from './outlook.ts';
import type { Found } from './read.ts';
import type { VaultRequest } from './request.ts';
import { mountOfIssue } from './results.ts';
import type { SecretRequest } from './secrets.ts';

const REVOKE_MS = 10_000;
/** A request leaves at once where a connection is free; main waits for no new one. */
const LEAVING_MS = 5;

/**
 * Whether a token of a limited number of uses is good for the reads, and for post: each request is one. Undefined, or what is to be said
 * before anything is minted. Throws where the reads alone are too many.
 */
export function usesNeeded(
  { uses }: VaultToken,
  places: readonly SecretRequest[],
  request: VaultRequest,
): string | undefined {
  if (uses === 0) return undefined;
  const minting = places.filter(makes).length;
  // The last use gives no lease (facts: vault 2.2).
  const reads = places.length + (minting > 0 ? 1 : 0);
  const role = request.role ? `the role ${request.role}` : "the mount's default role";
  if (uses < reads)
    throw new Failure(
      'vault/token-uses',
      `The token is good for ${uses} requests, and the reads take ${reads}: nothing was read`,
      {},
      [`Raise token_num_uses of ${role} to ${places.length + minting + 2} or more, or set it to 0.`],
    );
  const all = places.length + minting + (request.revoke === false ? 0 : 1);
  if (uses >= all) return undefined;
  return `Vault: the token is good for ${uses} requests, and the reads with the post step's revocations take ${all}. When they are used up it ends, and what it holds is queued, not confirmed. Raise token_num_uses of ${role}, or set it to 0.`;
}

/** Asked only where something may come that post would have to end, and the token has a use to spare for it. */
export function outlookOf(
  own: VaultCall,
  token: VaultToken,
  places: readonly SecretRequest[],
  request: VaultRequest,
  ports: ExchangePorts,
): Outlook {
  const minting = places.filter(makes);
  const mounts = new Set(places.flatMap((place) => mountOfIssue(place.path) ?? []));
  const spare = token.uses === 0 || token.uses >= places.length + minting.length + 2;
  const something = minting.length > 0 || mounts.size > 0 || (request.exportToken && places.length > 0);
  if (request.revoke === false || !spare || !something) return NO_OUTLOOK;
  const paths = [SELF, leasePath(request), ...[...mounts].map((mount) => certificatePath(request, mount))];
  return lookAhead(own, paths, ports);
}

/** Nothing hangs on it any more: no lease, and no certificate that post may revoke with it. One that is used up has ended by itself. */
export function isSpent(token: VaultToken, found: readonly Found[], request: VaultRequest, outlook: Outlook): boolean {
  const usedUp = token.uses > 0 && token.uses <= found.length;
  const holds = ({ lease, result }: Found) =>
    lease !== undefined ||
    (result?.revocable !== undefined && outlook.may(certificatePath(request, result.revocable.mount)) !== false);
  return token.type !== 'batch' && !usedUp && !found.some(holds);
}

/**
 * Sends for the token's end, and waits until that is on its way, not for the answer: the token stays owed, and post confirms. What is lost with
 * main's connections is asked for by post again.
 */
export async function askForEnd(own: VaultCall, ports: ExchangePorts, keep: Keep): Promise<void> {
  keep.owe({ by: 'vault', kind: 'token-end-asked', data: {} });
  await new Promise<void>((gone) => {
    ports.clock.after(LEAVING_MS, gone);
    revokeSelf(own, REVOKE_MS, ports.patient(ONCE), gone).then(
      () => gone(),
      () => gone(),
    );
  });
}
