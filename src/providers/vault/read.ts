// One call of a step: read or written, what it may mint, where `data/` is missing, what is secret in the answer, and the lease that comes with it.

import type { Keep } from '../../core/grant.ts';
import { type Answer, isRecord, jsonBody, number, text } from '../../core/http.ts';
import { plain } from '../../core/plain.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { ask, READING } from './asking.ts';
import { mountOf, type VaultCall } from './client.ts';
import { effectOf } from './engine-paths.ts';
import { type Engine, endOf, engineOf, STORED } from './engines.ts';
import { exactBody } from './exact-json.ts';
import { leavesOf, secretLeaves } from './leaves.ts';
import { type Data, dataOf, isVersioned } from './pick.ts';
import { readRefusal } from './refusal.ts';
import type { VaultRequest } from './request.ts';
import { oweResult, type Result, resultOf } from './results.ts';
import { callOf, placeOf, type SecretRequest } from './secrets.ts';

export interface Found {
  /** The call, as `callOf` has it, and as people would write it. */
  readonly call: string;
  readonly place: string;
  readonly path: string;
  /** Undefined: not there, and `vault-ignore-not-found`. */
  readonly answer?: { readonly data: Data | undefined; readonly engine: Engine };
  readonly lease?: Lease;
  /** What it holds that has an end, but no lease. */
  readonly result?: Result;
  /** As the server's audit log has it. */
  readonly requestId?: string;
}

export interface Lease {
  readonly id: string;
  readonly expiresAt: number;
  /** For how long the server gave it, in ms. */
  readonly term: number;
  /** False where the engine's revocation does nothing, and the credential lives on. */
  readonly ends: boolean;
  readonly renewable: boolean;
  /** Revoked all the same, for what was made around the credential. */
  readonly parts?: true;
  /** Of an engine that is not known here. */
  readonly unsure?: true;
}

/** Each call once, however many lines name it. */
export function placesOf(request: VaultRequest): SecretRequest[] {
  return [...new Map(request.secrets.map((s) => [callOf(s), s])).values()];
}

export async function readPlace(
  secret: SecretRequest,
  call: VaultCall,
  request: VaultRequest,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Found> {
  for (const leaf of sentSecrets(secret)) keep.secret(leaf, 'a value that is written');
  const found = { call: callOf(secret), place: placeOf(secret), path: secret.path };
  const { answer, path } = await answered(secret, call, ports);
  if (answer.status === 404 && request.ignoreNotFound && !secret.method) return found;
  const body = exactBody(answer.body);
  const data = dataIn(answer, body, secret);
  if (!data) {
    keepStray(body, keep);
    throw readRefusal(answer, secret, request);
  }
  return { ...found, ...kept(secret, path, body ?? {}, data, ports, keep) };
}

/** Masks what is secret and owes the lease, the moment the answer is there. */
function kept(
  secret: SecretRequest,
  path: string,
  body: Data,
  data: Data,
  ports: ExchangePorts,
  keep: Keep,
): Pick<Found, 'answer' | 'lease' | 'result' | 'requestId'> {
  const inner = dataOf(path, data);
  const id = leaseId(body);
  const engine = isVersioned(path, data)
    ? STORED
    : engineOf(path, data, { leased: id !== undefined, written: secret.method !== undefined });
  for (const leaf of secretLeaves(engine, inner ?? {})) keep.secret(leaf, placeOf(secret));
  const lease = id === undefined ? undefined : leaseOf(id, body, engine, data, ports.clock.now());
  if (lease) oweLease(secret.path, lease, keep);
  const result = lease || engine === STORED ? undefined : resultOf(secret.path, data, ports.clock.now());
  if (result) oweResult(secret.path, result, keep);
  const requestId = text(body, 'request_id');
  sayWarnings(secret, body, ports);
  return {
    answer: { data: inner, engine },
    ...(lease && { lease }),
    ...(result && { result }),
    ...(requestId && { requestId }),
  };
}

/** Post has no use for the term. */
function oweLease(path: string, { term: _, ...lease }: Lease, keep: Keep): void {
  keep.owe({ by: 'vault', kind: 'lease', data: { path, ...lease } });
}

/** What is written into a store is secret; so is what transit works on. Of other bodies (a common name, a TTL) nothing is. */
function sentSecrets({ method, path, body }: SecretRequest): string[] {
  if (!method || body === undefined) return [];
  const sent = JSON.parse(body) as Data;
  const effect = effectOf(path, 'POST');
  if (effect === 'reads') return leavesOf([sent.plaintext, sent.input, sent.batch_input]);
  return effect === 'makes' ? [] : leavesOf(isRecord(sent.data) ? sent.data : sent);
}

/** The data of a success: a write may have none to give. Undefined: refused, or no answer of Vault's. */
function dataIn(answer: Answer, body: Data | undefined, { method }: SecretRequest): Data | undefined {
  if (answer.status === 204 && method) return {};
  if (answer.status !== 200 || body === undefined || isRecord(body.auth) || isRecord(body.wrap_info)) return undefined;
  if (isRecord(body.data)) return body.data;
  return method && body.data === null ? {} : undefined;
}

/** A token that an answer brings unasked is not ours to use, and must not be seen either. */
function keepStray(body: Data | undefined, keep: Keep): void {
  for (const part of [body?.auth, body?.wrap_info])
    for (const leaf of leavesOf(part)) keep.secret(leaf, 'a stray token');
}

/** The answer, and the path that it is of: a KV v2 secret is found without `data/` too. */
async function answered(
  secret: SecretRequest,
  call: VaultCall,
  ports: ExchangePorts,
): Promise<{ answer: Answer; path: string }> {
  const at = (path: string) => reached('vault', 'Vault', () => ask({ ...secret, path }, call, ports));
  const answer = await at(secret.path);
  if (answer.status !== 403 && answer.status !== 404) return { answer, path: secret.path };
  const versioned = await versionedPath(secret.path, call, ports);
  return versioned ? { answer: await at(versioned), path: versioned } : { answer, path: secret.path };
}

/** The same path with `data/` behind the mount, if a KV v2 engine is there and the path lacks it. */
async function versionedPath(path: string, call: VaultCall, ports: ExchangePorts): Promise<string | undefined> {
  const answer = await reached('vault', 'Vault', () => mountOf(call, path, ports.patient(READING)));
  const mount = jsonBody(answer.body)?.data;
  if (answer.status !== 200 || !isRecord(mount) || mount.type !== 'kv') return undefined;
  const at = text(mount, 'path');
  const options = mount.options;
  if (!at || !path.startsWith(at) || !isRecord(options) || options.version !== '2') return undefined;
  const rest = path.slice(at.length);
  return /^(data|metadata|subkeys)\//.test(rest) ? undefined : `${at}data/${rest}`;
}

function leaseId(body: Data): string | undefined {
  const id = text(body, 'lease_id');
  return id && /^[\x21-\x7e]{1,1000}$/.test(id) ? id : undefined;
}

/** The debt's data: `parts` and `unsure` tell post that a revoked lease is not, or not known to be, the end of the credential. */
function leaseOf(id: string, body: Data, engine: Engine, data: Data, now: number): Lease {
  const term = (number(body, 'lease_duration') ?? 0) * 1000;
  const own = now + term;
  return {
    id,
    term,
    expiresAt: engine.revocation === 'nothing' ? (endOf(engine, data, now) ?? own) : own,
    ends: engine.revocation === 'ends' || engine.revocation === 'unknown',
    renewable: body.renewable === true,
    ...(engine.revocation === 'parts' && { parts: true as const }),
    ...(engine.revocation === 'unknown' && { unsure: true as const }),
  };
}

/** "TTL is capped accordingly" and its like: the server's own words are the only sign of them. */
function sayWarnings(secret: SecretRequest, body: Data, ports: ExchangePorts): void {
  const warnings = Array.isArray(body.warnings) ? body.warnings.filter((w) => typeof w === 'string') : [];
  for (const warning of warnings.slice(0, 5)) ports.say(`Vault warns of ${placeOf(secret)}: ${plain(warning)}`);
}
