// What was issued and how each of it will end, in the words of the report; and how the better end is to be allowed.
import type { Credential, Ending } from '../../core/grant.ts';
import { iso } from '../../core/time.ts';
import type { VaultToken } from './exchange.ts';
import { allowing, certificatePath, leasePath, type Outlook, SELF } from './outlook.ts';
import type { Found } from './read.ts';
import type { VaultRequest } from './request.ts';
import type { Result } from './results.ts';

export interface Issued {
  readonly credentials: readonly Credential[];
  /** When what later steps were given stops working. */
  readonly ends: readonly number[];
  readonly remarks: readonly string[];
  readonly warnings: readonly string[];
}

interface Held {
  readonly path: string;
  readonly expiresAt?: number;
  readonly ending: Ending;
  readonly kind: string;
  readonly requestId?: string;
  /** A lease whose revocation ends what it stands for. */
  readonly ends?: boolean;
  /** Path of its engine's own revocation. */
  readonly revokedAt?: string;
}

/** `asked`: main has asked for the token's end already. */
export function issued(
  request: VaultRequest,
  token: VaultToken,
  found: readonly Found[],
  outlook: Outlook,
  asked: boolean,
): Issued {
  const holder = request.role ?? 'default role';
  const held = found.flatMap((place) =>
    heldOf(place, request, token, outlook).map((each) => ({
      ...each,
      ...(place.requestId && { requestId: place.requestId }),
    })),
  );
  const self = tokenEnding(request, token, outlook, asked);
  const credentials: Credential[] = [
    {
      cloud: 'vault',
      kind: `Vault ${token.type} token`,
      holder,
      ending: self,
      ...(token.expiresAt && { expiresAt: token.expiresAt }),
      ...(token.requestId && { requestId: token.requestId }),
    },
    ...held.map(
      ({ kind, path, ending, expiresAt, requestId }): Credential => ({
        cloud: 'vault',
        kind,
        holder,
        scope: path,
        ending,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(requestId && { requestId }),
      }),
    ),
  ];
  const allow = howToAllow(request, token, held, outlook);
  const ends = [...held, ...(request.exportToken || found.some((f) => f.lease) ? [token] : [])];
  return {
    credentials,
    ends: ends.flatMap((each) => each.expiresAt ?? []),
    ...allow,
  };
}

function tokenEnding({ revoke }: VaultRequest, { type }: VaultToken, outlook: Outlook, asked: boolean): Ending {
  if (type === 'batch' || revoke === false || outlook.may(SELF) === false) return 'expires';
  return asked ? 'revoked by main' : 'revoked by post';
}

/** Whether a lease ends with this token: not one of another namespace, and not with a batch token. */
export function takesAlong(request: VaultRequest, token: VaultToken): boolean {
  return token.type !== 'batch' && request.namespace === request.authNamespace;
}

function heldOf(place: Found, request: VaultRequest, token: VaultToken, outlook: Outlook): Held[] {
  const { place: path, lease, result } = place;
  if (lease) {
    const along = takesAlong(request, token) && lease.ends && token.expiresAt !== undefined;
    const expiresAt = along ? Math.min(lease.expiresAt, token.expiresAt as number) : lease.expiresAt;
    const ending = leaseEnding(lease.ends, request, token, outlook);
    return [{ kind: 'Vault lease', path, expiresAt, ending, ends: lease.ends }];
  }
  return result ? [resultHeld(path, result, request, outlook)] : [];
}

function leaseEnding(ends: boolean, request: VaultRequest, token: VaultToken, outlook: Outlook): Ending {
  if (!ends || request.revoke === false) return 'expires';
  if (outlook.may(leasePath(request))) return 'revoked by post';
  return takesAlong(request, token) && outlook.may(SELF) !== false ? 'queued by post' : 'expires';
}

function resultHeld(path: string, result: Result, request: VaultRequest, outlook: Outlook): Held {
  const { kind, expiresAt, revocable } = result;
  const revokedAt = revocable && certificatePath(request, revocable.mount);
  const allowed = revokedAt && outlook.may(revokedAt) && request.revoke !== false;
  return {
    kind,
    path,
    ending: allowed ? 'revoked by post' : 'expires',
    ...(revokedAt && { revokedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** What post will not be able to confirm, and the lines of a policy that would let it. */
function howToAllow(
  request: VaultRequest,
  token: VaultToken,
  held: readonly Held[],
  outlook: Outlook,
): Pick<Issued, 'remarks' | 'warnings'> {
  if (request.revoke === false)
    return { remarks: ['Vault: revoke is false: the post step revokes nothing'], warnings: [] };
  const paths = [
    ...(outlook.may(SELF) === false && token.type !== 'batch' ? [SELF] : []),
    ...(held.some((each) => each.ends && !outlook.may(leasePath(request))) ? [leasePath(request)] : []),
    ...held.flatMap((each) => (each.revokedAt && outlook.may(each.revokedAt) === false ? [each.revokedAt] : [])),
  ];
  if (paths.length === 0) return { remarks: [], warnings: [] };
  const where = request.role ? `the role ${request.role}` : "the mount's default role";
  const lines = `Allow it in the policies of ${where}: ${[...new Set(paths)].map(allowing).join(' ')}`;
  const left = held.filter((each) => each.ends && each.ending === 'expires').map(alive);
  const known = paths.some((path) => outlook.may(path) === false);
  const why = known ? "the token's policies do not allow it" : 'Vault has not said whether the policies allow it';
  if (left.length > 0)
    return {
      remarks: [],
      warnings: [
        `Vault: the post step cannot promise to end ${left.join(', ')}: ${why}, and the end of the token does not take that along. ${lines}`,
      ],
    };
  return { remarks: [`Vault: not everything can be revoked by itself, and confirmed: ${why}. ${lines}`], warnings: [] };
}

function alive({ path, expiresAt }: Held): string {
  return `the lease of ${path}${expiresAt === undefined ? '' : `, alive until ${iso(expiresAt)}`}`;
}
