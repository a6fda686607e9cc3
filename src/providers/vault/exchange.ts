// Vault: a login, then the reads in parallel. The token is owed before it is used, each lease the moment its answer is there.
import { Failure } from '../../core/failure.ts';
import type { Credential, Grant, Keep, Variable } from '../../core/grant.ts';
import { type Answer, isRecord, jsonBody, NetworkFault, number, text } from '../../core/http.ts';
import type { ExchangePorts, Identities } from '../../core/provider.ts';
import { MINTING, type RetryPolicy, SAFE } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import { errorsOf, login, mountOf, read, type VaultCall } from './client.ts';
import type { VaultRequest } from './inputs.ts';
import { type Data, dataOf, type Picked, pick } from './pick.ts';
import type { SecretRequest } from './secrets.ts';

/** 412: a performance standby that has not caught up. */
const READING: RetryPolicy = { ...SAFE, statuses: new Set([...SAFE.statuses, 412]) };
const MAKING: RetryPolicy = { ...MINTING, statuses: new Set([...MINTING.statuses, 412]) };
/** A token that is not valid yet, or keys that could not be fetched, pass by themselves. */
const LOGIN: RetryPolicy = {
  ...READING,
  transient: (answer) =>
    answer.status === 400 && /fetching keys|token not yet valid|issued in the future/.test(errorsOf(answer)),
};

const PARALLEL = 8;

interface VaultToken {
  readonly value: Secret;
  readonly type: string;
  readonly expiresAt?: number;
}

interface Found {
  readonly path: string;
  /** Undefined: not there, and `vault-ignore-not-found`. */
  readonly data?: Data;
  readonly lease?: { readonly id: string; readonly expiresAt: number };
}

export async function exchange(
  request: VaultRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const token = await loggedIn(request, identities, ports, keep);
  const call: VaultCall = {
    url: request.url,
    token: token.value,
    ...(request.namespace && { namespace: request.namespace }),
  };
  const found = await inParallel(placesOf(request), (place) => readPlace(place, call, request, ports, keep));
  return granted(request, token, found, keep);
}

async function loggedIn(
  request: VaultRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<VaultToken> {
  const call: VaultCall = { url: request.url, ...(request.authNamespace && { namespace: request.authNamespace }) };
  const ask = (jwt: Secret) => reached(() => login(call, request.authPath, request.role, jwt, ports.patient(LOGIN)));
  let answer = await ask(identities.get('exchange').token);
  if (/token is expired/.test(errorsOf(answer))) answer = await ask((await identities.renew('exchange')).token);
  const auth = jsonBody(answer.body)?.['auth'];
  const value = isRecord(auth) ? text(auth, 'client_token') : undefined;
  if (answer.status !== 200 || !isRecord(auth) || !value) throw loginRefusal(answer, request);
  const secret = keep.secret(value, 'Vault token');
  const seconds = number(auth, 'lease_duration') ?? 0;
  const expiresAt = seconds > 0 ? ports.clock.now() + seconds * 1000 : undefined;
  const type = text(auth, 'token_type') ?? 'service';
  keep.owe({ by: 'vault', kind: 'token', data: { token: value, type, ...(expiresAt && { expiresAt }) } });
  if (!/^[\x21-\x7e]+$/.test(value)) throw badAnswer(answer, request);
  return { value: secret, type, ...(expiresAt && { expiresAt }) };
}

/** Each path once, however many lines name it. */
function placesOf(request: VaultRequest): SecretRequest[] {
  return [...new Map(request.secrets.map((s) => [placeOf(s), s])).values()];
}

function placeOf(secret: SecretRequest): string {
  return secret.version === undefined ? secret.path : `${secret.path}?version=${secret.version}`;
}

/** Runs `work` over all items, at most `PARALLEL` at a time. The first failure is thrown once nothing is under way any more. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

async function readPlace(
  secret: SecretRequest,
  call: VaultCall,
  request: VaultRequest,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Found> {
  const ask = (path: string) => {
    const mints = mayMint(path);
    return reached(() => read(call, path, secret.version, mints, ports.patient(mints ? MAKING : READING)));
  };
  let answer = await ask(secret.path);
  if (answer.status === 403 || answer.status === 404) {
    const versioned = await versionedPath(secret.path, call, ports);
    if (versioned) answer = await ask(versioned);
  }
  const body = jsonBody(answer.body);
  if (answer.status === 404 && request.ignoreNotFound) return { path: placeOf(secret) };
  const data = body?.['data'];
  if (answer.status !== 200 || !isRecord(data)) throw readRefusal(answer, secret, request);
  const lease = leaseOf(body, ports.clock.now());
  if (lease)
    keep.owe({ by: 'vault', kind: 'lease', data: { id: lease.id, path: secret.path, expiresAt: lease.expiresAt } });
  return { path: placeOf(secret), data, ...(lease && { lease }) };
}

/** Reads that make a credential, by the engines' paths (facts: vault 1.5): after a lost answer they are not repeated. */
export function mayMint(path: string): boolean {
  return /\/(creds|sts)\/[^/]+$/.test(path) || /\/[^/]+\/(key|token)$/.test(path);
}

/** The same path with `data/` behind the mount, if a KV v2 engine is there and the path lacks it. */
async function versionedPath(path: string, call: VaultCall, ports: ExchangePorts): Promise<string | undefined> {
  const answer = await reached(() => mountOf(call, path, ports.patient(READING)));
  const mount = jsonBody(answer.body)?.['data'];
  if (answer.status !== 200 || !isRecord(mount) || mount['type'] !== 'kv') return undefined;
  const at = text(mount, 'path');
  const options = mount['options'];
  if (!at || !path.startsWith(at) || !isRecord(options) || options['version'] !== '2') return undefined;
  const rest = path.slice(at.length);
  return /^(data|metadata|subkeys)\//.test(rest) ? undefined : `${at}data/${rest}`;
}

function leaseOf(body: Data | undefined, now: number): { id: string; expiresAt: number } | undefined {
  const id = text(body, 'lease_id');
  const seconds = number(body, 'lease_duration');
  return id && /^[\x21-\x7e]{1,1000}$/.test(id) ? { id, expiresAt: now + (seconds ?? 0) * 1000 } : undefined;
}

function granted(request: VaultRequest, token: VaultToken, found: readonly Found[], keep: Keep): Grant {
  const { picked, notices } = pickAll(request, found);
  const secrets = picked.map((p) => ({ ...p, secret: keep.secret(p.value, p.variable) }));
  const unmasked = secrets.filter((s) => !s.secret.maskable).map((s) => s.variable);
  const leases = found.flatMap((f) => (f.lease ? [{ path: f.path, ...f.lease }] : []));
  const ends = [
    ...leases.map((l) => l.expiresAt),
    ...(request.exportToken || leases.length > 0 ? [token.expiresAt] : []),
  ].filter((e) => e !== undefined);
  const service = token.type !== 'batch';
  const credentials: Credential[] = [
    {
      cloud: 'vault',
      kind: `Vault ${token.type} token`,
      holder: request.role ?? 'default role',
      ending: service ? 'revoked by post' : 'expires',
      ...(token.expiresAt && { expiresAt: token.expiresAt }),
    },
    ...leases.map(
      (l): Credential => ({
        cloud: 'vault',
        kind: 'Vault lease',
        holder: request.role ?? 'default role',
        scope: l.path,
        expiresAt: l.expiresAt,
        ending: 'revoked by post',
      }),
    ),
  ];
  return {
    cloud: 'vault',
    credentials,
    variables: [
      ...secrets.map((s) => ({ name: s.variable, value: s.secret, ...(s.wild && { ifAbsent: true as const }) })),
      ...(request.exportToken ? tokenVariables(request, token) : []),
    ],
    outputs: [],
    secretOutputs: [
      { name: 'vault-token', value: token.value },
      ...secrets.map((s) => ({ name: s.output, value: s.secret })),
    ],
    files: [],
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) }),
    remarks: [
      `Vault: role ${request.role ?? "(the mount's default)"} at ${request.url}, ${found.length} ${found.length === 1 ? 'secret' : 'secrets'} read, ${leases.length} leased`,
    ],
    warnings: [
      ...notices,
      ...(unmasked.length > 0 ? [`Too short or too common to be masked in the log: ${unmasked.join(', ')}`] : []),
    ],
  };
}

function tokenVariables(request: VaultRequest, token: VaultToken): Variable[] {
  return [
    { name: 'VAULT_TOKEN', value: token.value },
    { name: 'VAULT_ADDR', value: request.url },
    ...(request.namespace ? [{ name: 'VAULT_NAMESPACE', value: request.namespace }] : []),
  ];
}

/** All values of all lines; nothing is half done: what one line lacks fails the exchange, and the leases that were taken are owed. */
function pickAll(request: VaultRequest, found: readonly Found[]): { picked: Picked[]; notices: string[] } {
  const byPlace = new Map(found.map((f) => [f.path, f]));
  const picked: Picked[] = [];
  const notices: string[] = [];
  for (const secret of request.secrets) {
    const place = byPlace.get(placeOf(secret));
    if (!place?.data) {
      notices.push(`Vault: ${placeOf(secret)} was not found; ignored, as vault-ignore-not-found asks.`);
      continue;
    }
    const data = dataOf(place.data);
    const picks = data === undefined ? 'this version of it is deleted' : pick(secret, data);
    if (typeof picks === 'string')
      throw new Failure('vault/key-missing', `Vault: ${placeOf(secret)} was read, but ${picks}`);
    picked.push(...picks);
  }
  return { picked, notices };
}

async function reached(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof NetworkFault)) throw thrown;
    throw new Failure(
      'vault/unreachable',
      `Vault could not be reached (${thrown.code})`,
      { host: thrown.host, code: thrown.code },
      [`Check that the runner may reach ${thrown.host}, and the proxy and certificate settings.`],
    );
  }
}

function loginRefusal(answer: Answer, request: VaultRequest): Failure {
  const said = errorsOf(answer);
  if (answer.status === 200 || (!said && !jsonBody(answer.body))) return badAnswer(answer, request);
  const evidence = { host: new URL(request.url).host, status: answer.status, said };
  const sealed = answer.status === 503;
  return new Failure(
    sealed ? 'vault/sealed' : 'vault/login-refused',
    `Vault refused the login: ${said || `status ${answer.status}`}`,
    evidence,
  );
}

function readRefusal(answer: Answer, secret: SecretRequest, request: VaultRequest): Failure {
  const said = errorsOf(answer);
  const evidence = { host: new URL(request.url).host, status: answer.status, said };
  const id =
    answer.status === 404 ? 'vault/not-found' : answer.status === 403 ? 'vault/read-refused' : 'vault/read-failed';
  const words = answer.status === 404 ? 'there is no such secret' : said || `status ${answer.status}`;
  return new Failure(id, `Vault did not give ${placeOf(secret)}: ${words}`, evidence);
}

function badAnswer(answer: Answer, request: VaultRequest): Failure {
  return new Failure(
    'vault/bad-answer',
    'The server at vault-url answered with something that is not a Vault login',
    { host: new URL(request.url).host, status: answer.status },
    [
      'Check vault-url, and whether a proxy or a login page answers in its place. A wrapped login, or one that asks for MFA, cannot be used.',
    ],
  );
}
