// KV version 1, and the cubbyhole, which is one for each token: plain secrets by path.

import { SYSTEM_TTL } from '../durations.ts';
import { type Engine, type EngineCall, leavesOf } from '../engine.ts';
import type { Fields, KvOneMount } from '../trust.ts';
import { EMPTY, multi, NOT_FOUND, type Outcome, refused, secret, UNSUPPORTED_OPERATION } from '../wire.ts';

/** What was written or deleted since the world began, over what the trust document holds. */
type Written = Map<string, Fields | undefined>;

export const kvOne: Engine<KvOneMount> = {
  exists: (call) => found(call) !== undefined,
  answer(call) {
    if (call.operation === 'list') return keysBelow(call.path, paths(call));
    if (call.operation === 'read') return read(call);
    if (call.operation === 'patch') return UNSUPPORTED_OPERATION;
    if (call.operation === 'write' && Object.keys(call.body).length === 0) return refused(400, 'missing data fields');
    written(call).set(call.path, call.operation === 'write' ? call.body : undefined);
    return EMPTY;
  },
};

/** A cubbyhole is no mount of the trust document, and what is in it came from the job itself. */
export type HoleCall = Pick<EngineCall<never>, 'operation' | 'path' | 'body' | 'token'>;

/** The cubbyhole of the calling token; batch tokens have none. */
export function cubbyhole(call: HoleCall, hole: Map<string, Fields>): Outcome {
  if (call.token.type === 'batch')
    return refused(400, "cubbyhole operations are only supported by 'service' type tokens");
  if (call.operation === 'list') return keysBelow(call.path, [...hole.keys()]);
  if (call.operation === 'read') {
    const data = hole.get(call.path);
    return data ? secret(data) : NOT_FOUND;
  }
  if (call.operation === 'patch') return UNSUPPORTED_OPERATION;
  if (call.operation === 'delete') hole.delete(call.path);
  else if (Object.keys(call.body).length === 0) return multi(500, 'missing data fields');
  else hole.set(call.path, call.body);
  return EMPTY;
}

/** Names directly below a path, folders with their slash. */
export function keysBelow(path: string, all: readonly string[]): Outcome {
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  const rests = all
    .filter((candidate) => candidate.startsWith(prefix))
    .map((candidate) => candidate.slice(prefix.length));
  const keys = [...new Set(rests.map((rest) => /^[^/]*\/?/.exec(rest)?.[0] ?? rest))]
    .filter((key) => key !== '')
    .sort();
  return keys.length > 0 ? secret({ keys }) : NOT_FOUND;
}

function read(call: EngineCall<KvOneMount>): Outcome {
  const data = found(call);
  if (!data) return NOT_FOUND;
  call.record('static secret', leavesOf(data), { id: call.path, once: true });
  return secret(data, { leaseDuration: SYSTEM_TTL });
}

function written(call: EngineCall<KvOneMount>): Written {
  return call.memory<Written>(() => new Map());
}

function found(call: EngineCall<KvOneMount>): Fields | undefined {
  const changes = written(call);
  if (changes.has(call.path)) return changes.get(call.path);
  return Object.hasOwn(call.mount.secrets, call.path) ? call.mount.secrets[call.path] : undefined;
}

function paths(call: EngineCall<KvOneMount>): string[] {
  const changes = written(call);
  const kept = Object.keys(call.mount.secrets).filter((path) => !changes.has(path));
  return [...kept, ...[...changes].filter(([, data]) => data).map(([path]) => path)];
}
