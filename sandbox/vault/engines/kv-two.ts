// KV version 2: data/, metadata/, subkeys/, delete/, undelete/ and destroy/ below the mount.
import { type Engine, type EngineCall, leavesOf } from '../engine.ts';
import type { Fields, KvTwoMount } from '../trust.ts';
import { EMPTY, NOT_FOUND, type Outcome, refused, secret, UNSUPPORTED_OPERATION } from '../wire.ts';
import { keysBelow } from './kv-one.ts';
import { stateOf, type Version, type Versioned, VersionStore } from './kv-versions.ts';

type Call = EngineCall<KvTwoMount>;
type Area = (call: Call, path: string) => Outcome;

const SETTINGS = { cas_required: false, delete_version_after: '0s', max_versions: 0 };
const AREAS: Readonly<Record<string, Area>> = {
  data,
  metadata,
  subkeys,
  delete: discard,
  undelete: discard,
  destroy: discard,
};

export const kvTwo: Engine<KvTwoMount> = {
  exists(call) {
    const [area, path] = split(call.path);
    return (area !== 'data' && area !== 'metadata') || store(call).find(path) !== undefined;
  },
  answer(call) {
    const [area, path] = split(call.path);
    if (call.path === 'config' && call.operation === 'read') return secret({ ...SETTINGS });
    const handler = Object.hasOwn(AREAS, area) ? AREAS[area] : undefined;
    if (!handler) return invalidPath(call);
    if (!call.path.includes('/') && call.operation !== 'list') {
      return secret(null, {
        status: 404,
        warnings: ['Non-listing operations on the root of a K/V v2 mount are not supported.'],
      });
    }
    return path === '' && call.operation !== 'list' ? NOT_FOUND : handler(call, path);
  },
};

function split(path: string): [area: string, rest: string] {
  const at = path.indexOf('/');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)];
}

function store(call: Call): VersionStore {
  return call.memory(() => new VersionStore(call.mountNow, call.clock.now()));
}

/** A path as for version 1: no error list, but a warning (which vault-action and the like do not read). */
function invalidPath(call: Call): Outcome {
  const [product, command] = call.flavour === 'openbao' ? ['OpenBao', 'bao'] : ['Vault', 'vault'];
  const verb = { read: 'get', list: 'list', write: 'put', patch: 'patch', delete: 'delete' }[call.operation];
  const warning =
    'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. ' +
    `If using the ${product} CLI, use '${command} kv ${verb}' for this operation.`;
  return secret(null, { status: 404, warnings: [warning] });
}

function data(call: Call, path: string): Outcome {
  if (call.operation === 'read') return read(call, path);
  if (call.operation === 'list') return UNSUPPORTED_OPERATION;
  if (call.operation === 'delete') {
    const latest = store(call).find(path) && store(call).open(path).versions.at(-1);
    if (latest && !latest.destroyed) latest.deletedAt ??= call.clock.now();
    return EMPTY;
  }
  return write(call, path);
}

function read(call: Call, path: string): Outcome {
  const chosen = choose(call, path);
  if ('kind' in chosen) return chosen;
  const { version, number, secret: whole } = chosen;
  const metadata = { ...stateOf(version), custom_metadata: whole.customMetadata, version: number };
  if (version.destroyed || version.deletedAt !== undefined) return secret({ data: null, metadata }, { status: 404 });
  call.record('static secret', leavesOf(version.data), { id: `${path}?version=${number}`, once: true });
  return secret({ data: version.data, metadata });
}

interface Chosen {
  readonly secret: Versioned;
  readonly version: Version;
  readonly number: number;
}

function choose(call: Call, path: string): Chosen | Outcome {
  const asked = call.query.get('version');
  if (asked !== null && !/^-?\d+$/.test(asked)) {
    return refused(
      400,
      `Field validation failed: error converting input for field "version": '' cannot parse value as 'int': strconv.ParseInt: invalid syntax`,
    );
  }
  const found = store(call).find(path);
  const number = asked !== null && Number(asked) > 0 ? Number(asked) : (found?.versions.length ?? 0);
  const version = found?.versions[number - 1];
  return found && version ? { secret: found, version, number } : NOT_FOUND;
}

function write(call: Call, path: string): Outcome {
  const { data: value, options } = call.body;
  if (value === undefined) return refused(400, 'no data provided');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(
      400,
      `error converting input for field "data": '' expected type 'map[string]interface {}', got unconvertible type '${typeof value}'`,
    );
  }
  const known = store(call).find(path);
  const current = known?.versions.length ?? 0;
  if (call.operation === 'patch' && call.headers['content-type'] !== 'application/merge-patch+json')
    return refused(400, 'mime: no media type');
  if (call.operation === 'patch' && current === 0) return NOT_FOUND;
  const cas = (options as Fields | undefined)?.cas;
  if (cas !== undefined && cas !== current)
    return refused(400, 'check-and-set parameter did not match the current version');
  const before = call.operation === 'patch' ? known?.versions.at(-1)?.data : undefined;
  const version: Version = { data: { ...before, ...(value as Fields) }, created: call.clock.now(), destroyed: false };
  const opened = store(call).open(path);
  opened.versions.push(version);
  opened.updated = version.created;
  return secret({ ...stateOf(version), custom_metadata: opened.customMetadata, version: opened.versions.length });
}

function metadata(call: Call, path: string): Outcome {
  if (call.operation === 'list') return keysBelow(path, store(call).paths());
  const found = store(call).find(path);
  if (call.operation === 'delete') {
    store(call).remove(path);
    return EMPTY;
  }
  if (call.operation !== 'read') {
    store(call).open(path).customMetadata =
      (call.body.custom_metadata as Fields | undefined) ?? found?.customMetadata ?? null;
    return EMPTY;
  }
  if (!found) return NOT_FOUND;
  return secret({
    ...SETTINGS,
    created_time: found.versions[0] ? stateOf(found.versions[0]).created_time : '',
    current_version: found.versions.length,
    custom_metadata: found.customMetadata,
    oldest_version: 0,
    updated_time: new Date(found.updated).toISOString(),
    versions: Object.fromEntries(found.versions.map((version, i) => [String(i + 1), stateOf(version)])),
  });
}

function subkeys(call: Call, path: string): Outcome {
  if (call.operation !== 'read') return UNSUPPORTED_OPERATION;
  const chosen = choose(call, path);
  if ('kind' in chosen) return chosen;
  const state = { ...stateOf(chosen.version), custom_metadata: chosen.secret.customMetadata, version: chosen.number };
  return secret({ metadata: state, subkeys: hollow(chosen.version.data ?? {}) });
}

/** The shape of a secret with every value taken out. */
function hollow(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hollow(inner)]));
}

/** delete/, undelete/ and destroy/ of the versions that the body lists. */
function discard(call: Call, path: string): Outcome {
  if (call.operation !== 'write') return UNSUPPORTED_OPERATION;
  const numbers = call.body.versions;
  if (!Array.isArray(numbers) || numbers.length === 0) return refused(400, 'no version number provided');
  if (!store(call).find(path)) return NOT_FOUND;
  const [area] = split(call.path);
  for (const version of numbers.map((number) => store(call).open(path).versions[Number(number) - 1])) {
    if (!version || version.destroyed) continue;
    if (area === 'delete') version.deletedAt ??= call.clock.now();
    if (area === 'undelete') delete version.deletedAt;
    if (area === 'destroy') Object.assign(version, { destroyed: true, data: null });
  }
  return EMPTY;
}
