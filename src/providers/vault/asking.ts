// One call with the patience that it may be given. What makes a credential is not repeated after its answer was lost: the credential may be there, and
// nobody would hold its lease (INVARIANTS 17). Reads are repeated; where a path does not tell which it is, the mount is asked, once an answer was lost.
import { type Answer, isRecord, jsonBody, NetworkFault } from '../../core/http.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { MINTING, type RetryPolicy, SAFE } from '../../core/retry.ts';
import { mountOf, read, type VaultCall, write } from './client.ts';
import { effectOf } from './engine-paths.ts';
import { placeOf, type SecretRequest } from './secrets.ts';

/** 412: a performance standby that has not caught up. */
export const READING: RetryPolicy = { ...SAFE, statuses: new Set([...SAFE.statuses, 412]) };
const MAKING: RetryPolicy = { ...MINTING, statuses: new Set([...MINTING.statuses, 412]) };

/** Engines of which nothing that is read makes anything. */
const READ_ONLY: ReadonlySet<unknown> = new Set([
  'kv',
  'generic',
  'cubbyhole',
  'transit',
  'pki',
  'ssh',
  'totp',
  'system',
  'identity',
]);
/** Statuses that come from a server that may have done the work, or from something before it. */
const LOST: ReadonlySet<number> = new Set([408, 500, 502, 504]);

/** The last answer. Rejects with the last `NetworkFault`. */
export async function ask(secret: SecretRequest, call: VaultCall, ports: ExchangePorts): Promise<Answer> {
  const effect = effectOf(secret.path, secret.method);
  if (effect === 'reads') return send(secret, call, ports, READING);
  const outcome = await settled(send(secret, call, ports, MAKING));
  if (!secret.method && lost(outcome) && !ports.budget.stopping.aborted && (await readOnly(secret, call, ports)))
    return send(secret, call, ports, READING);
  if (lost(outcome))
    ports.say(
      `Vault: the answer to ${placeOf(secret)} was lost, and it is not asked again: what it may have made ends with the token of this step, or by itself.`,
    );
  if (outcome instanceof NetworkFault) throw outcome;
  return outcome;
}

function send(secret: SecretRequest, call: VaultCall, ports: ExchangePorts, policy: RetryPolicy): Promise<Answer> {
  const wire = ports.patient(policy);
  const mints = policy === MAKING;
  return secret.method
    ? write(call, secret.path, secret.body ?? '{}', mints, wire)
    : read(call, secret.path, secret.version, mints, wire);
}

async function settled(asked: Promise<Answer>): Promise<Answer | NetworkFault> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof NetworkFault) return thrown;
    throw thrown;
  }
}

function lost(outcome: Answer | NetworkFault): boolean {
  return outcome instanceof NetworkFault ? outcome.sent : LOST.has(outcome.status);
}

/** False where the mount cannot be asked: then the call is taken for one that makes something. */
async function readOnly(secret: SecretRequest, call: VaultCall, ports: ExchangePorts): Promise<boolean> {
  const answer = await settled(mountOf(call, secret.path, ports.patient(READING)));
  const mount = answer instanceof NetworkFault || answer.status !== 200 ? undefined : jsonBody(answer.body)?.data;
  return (
    isRecord(mount) && typeof mount.path === 'string' && secret.path.startsWith(mount.path) && READ_ONLY.has(mount.type)
  );
}
