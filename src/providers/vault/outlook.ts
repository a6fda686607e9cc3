// What post will be able to end: asked of Vault beside the reads, so that main can say it and, where it is less than it could be, how to allow
// more. Only a forecast: its failure is no failure, and nobody waits for it. It goes out first, so that its answer is there when theirs are.
import { isRecord, jsonBody } from '../../core/http.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import { capabilities, type VaultCall } from './client.ts';
import type { VaultRequest } from './request.ts';

/** What the token may do, as far as Vault has answered; undefined: not known. */
export interface Outlook {
  /** Whether `update` is allowed on a path, as a policy of the token's own namespace writes it. */
  may(path: string): boolean | undefined;
  /** Takes in an answer that has come by now, or was just overtaken by the last read; waits for no other. */
  arrived(): Promise<void>;
}

/** It went out first: where the reads' answers came before its own, this is but a moment away. */
const OVERTAKEN_MS = 40;

/** A token's own end, which the default policy allows, in its own namespace. */
export const SELF = 'auth/token/revoke-self';

export const NO_OUTLOOK: Outlook = { may: () => undefined, arrived: async () => {} };

/**
 * The path of lease revocation in the policies of the token. They are those of its own namespace: a lease in one below it has that name in
 * front (without it: 403).
 */
export function leasePath(request: VaultRequest): string {
  return `${below(request)}sys/leases/revoke`;
}

/** The path by which an engine revokes a certificate, in the same policies. */
export function certificatePath(request: VaultRequest, mount: string): string {
  return `${below(request)}${mount}/revoke`;
}

/** The line of a policy that allows a revocation. */
export function allowing(path: string): string {
  return `path "${path}" { capabilities = ["update"] }`;
}

function below({ namespace = '', authNamespace = '' }: VaultRequest): string {
  const parent = authNamespace === '' ? '' : `${authNamespace}/`;
  return namespace !== authNamespace && namespace.startsWith(parent) ? `${namespace.slice(parent.length)}/` : '';
}

/** Where nothing new may start, this may not either. */
export const ONCE: RetryPolicy = { ...SAFE, attempts: 1 };

/** Asks; `call` is one in the token's own namespace. What has been answered so far is what `may` knows. */
export function lookAhead(call: VaultCall, paths: readonly string[], ports: ExchangePorts): Outlook {
  const known = new Map<string, boolean>();
  let answered = false;
  const asking = capabilities(call, paths, ports.patient(ONCE)).then(
    (answer) => {
      const data = answer.status === 200 ? jsonBody(answer.body)?.data : undefined;
      if (!isRecord(data)) return;
      for (const path of paths) {
        const granted = data[path];
        if (Array.isArray(granted)) known.set(path, granted.includes('update') || granted.includes('root'));
      }
    },
    () => {}, // not known
  );
  asking.then(() => {
    answered = true;
  });
  return {
    may: (path) => known.get(path),
    async arrived() {
      // What came with the last read is in the same turn of the loop, and read in the next ones.
      for (let turn = 0; turn < 3 && !answered; turn++) await new Promise((go) => setImmediate(go));
      if (!answered) await Promise.race([asking, ports.clock.sleep(OVERTAKEN_MS, ports.budget.stopping)]);
    },
  };
}
