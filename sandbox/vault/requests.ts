// A request as Vault understands it: whose namespace, which path below it, which operation, with which token.
import type { Call } from '../service.ts';
import type { Operation } from './engine.ts';
import type { VaultServer } from './trust.ts';
import { type Outcome, refused } from './wire.ts';

export interface Request {
  readonly operation: Operation;
  /** Below `/v1/` and the namespace, decoded. */
  readonly path: string;
  /** Empty for the root, else `team/` or `team/sub/`. */
  readonly namespace: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: 'read',
  HEAD: 'read',
  LIST: 'list',
  SCAN: 'list',
  POST: 'write',
  PUT: 'write',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The request, or the answer that the HTTP layer gives in its place. */
export function readRequest(call: Call, server: VaultServer): Request | Outcome {
  const whole = decodedPath(call.url);
  if (whole === undefined) return refused(400);
  if (!whole.startsWith('/v1/')) return refused(404);
  const verb = OPERATIONS[call.method];
  if (!verb) return refused(405);
  const operation = verb === 'read' && call.url.searchParams.get('list') === 'true' ? 'list' : verb;
  const place = locate(whole.slice(4), call.headers['x-vault-namespace'] ?? '', server);
  if (!place)
    return server.flavour === 'openbao' ? refused(404, 'namespace not found') : refused(403, 'permission denied');
  if (call.method === 'HEAD' && place.path !== 'sys/health') return refused(405);
  const path = operation === 'list' && !place.path.endsWith('/') ? `${place.path}/` : place.path;
  return {
    operation,
    path,
    namespace: place.namespace,
    token: tokenOf(call),
    headers: call.headers,
    query: call.url.searchParams,
  };
}

/** `auth/jwt/login`, `sys/leases/revoke`, `read`, `write` ...: the call's name in journals and faults, whether it is right or not. */
export function operationName(call: Call, server: VaultServer | undefined): string {
  const whole = decodedPath(call.url) ?? '';
  const below = whole.replace(/^\/v1\//, '');
  const place = server && locate(below, call.headers['x-vault-namespace'] ?? '', server);
  const path = place?.path ?? below;
  if (/^auth\/token\//.test(path) || /^auth\/.+\/login$/.test(path)) return path;
  if (path.startsWith('sys/internal/ui/mounts')) return 'sys/internal/ui/mounts';
  if (path.startsWith('sys/')) return path;
  const verb = OPERATIONS[call.method] ?? call.method;
  return verb === 'read' && call.url.searchParams.get('list') === 'true' ? 'list' : verb;
}

function decodedPath(url: URL): string | undefined {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
}

/** The namespace that header and path name together; undefined where the header names one that is not there. */
function locate(path: string, header: string, server: VaultServer): { path: string; namespace: string } | undefined {
  const named = header
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  const base = named === 'root' ? '' : named;
  const known = Object.keys(server.namespaces ?? {});
  if (base !== '' && !known.includes(base)) return undefined;
  const prefix = base === '' ? '' : `${base}/`;
  const children = known.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const child = children.filter((name) => path.startsWith(`${name}/`)).sort((a, b) => b.length - a.length)[0];
  if (child === undefined) return { path, namespace: prefix };
  return { path: path.slice(child.length + 1), namespace: `${prefix}${child}/` };
}

function tokenOf(call: Call): string {
  const bearer = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1];
  return call.headers['x-vault-token'] || bearer || '';
}
