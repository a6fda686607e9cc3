// sys/*: what a token may ask of the system itself.
import { randomUUID } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import { aclOf, namespaceOf } from './access.ts';
import type { Authenticated } from './engine-desk.ts';
import { leasePath } from './lease-paths.ts';
import type { Request } from './requests.ts';
import type { Stores } from './stores.ts';
import type { VaultToken } from './tokens.ts';
import type { Flavour, SecretMount, VaultServer } from './trust.ts';
import { FORBIDDEN, type Outcome, refused, secret, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from './wire.ts';

export interface SystemCall extends Authenticated {
  readonly server: VaultServer;
  readonly flavour: Flavour;
  readonly clock: WorldClock;
  readonly stores: Stores;
}

export function systemPath(call: SystemCall): Outcome {
  const { path, operation } = call.request;
  if (path.startsWith('sys/leases/')) return leasePath(call);
  if (path !== 'sys/capabilities-self' && path !== 'sys/wrapping/wrap') return UNSUPPORTED_PATH;
  if (operation !== 'write') return UNSUPPORTED_OPERATION;
  if (path === 'sys/capabilities-self') return capabilities(call);
  return call.request.headers['x-vault-wrap-ttl']
    ? secret(call.body)
    : refused(400, 'endpoint requires response wrapping to be used');
}

/** What the token may do on each path asked, as data and repeated beside it. */
function capabilities(call: SystemCall): Outcome {
  const { path, paths } = call.body;
  const asked = paths ?? path;
  const list = Array.isArray(asked) ? asked : typeof asked === 'string' && asked !== '' ? asked.split(',') : [];
  if (list.length === 0 || list.some((item) => typeof item !== 'string')) return refused(400, 'paths must be supplied');
  const acl = aclOf(call.token, call.server);
  const granted = list.map((item: string) => [item, acl.on(call.request.namespace + item.replace(/^\//, ''))] as const);
  const data = Object.fromEntries(granted);
  const first = granted[0]?.[1];
  const whole = granted.length === 1 && first ? { ...data, ...(paths === undefined && { capabilities: first }) } : data;
  return secret(whole, { beside: whole });
}

/** `sys/internal/ui/mounts/<path>`: the mount a path leads to, for whoever may do anything at all below it. */
export function mountInfo(request: Request, token: VaultToken, server: VaultServer): Outcome {
  const path = request.path.slice('sys/internal/ui/mounts'.length).replace(/^\/|\/$/g, '');
  if (path === '') return FORBIDDEN;
  const found = mountAt(server, request.namespace, path);
  if (!found || !aclOf(token, server).reaches(`${request.namespace}${found.path}/`)) {
    return refused(
      403,
      `preflight capability check returned 403, please ensure client's policies grant access to path "${path}/"`,
    );
  }
  const type = found.mount?.type ?? 'cubbyhole';
  return secret({
    accessor: `${type}_${randomUUID().slice(0, 8)}`,
    config: { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0 },
    description: '',
    external_entropy_access: false,
    local: type === 'cubbyhole',
    options: found.mount?.type === 'kv' ? { version: String(found.mount.version) } : null,
    path: `${found.path}/`,
    seal_wrap: false,
    type,
    uuid: randomUUID(),
  });
}

/** The longest mount that a path lies in; `mount` is null for the cubbyhole. */
export function mountAt(
  server: VaultServer,
  namespace: string,
  path: string,
): { path: string; mount: SecretMount | null } | undefined {
  if (path === 'cubbyhole' || path.startsWith('cubbyhole/')) return { path: 'cubbyhole', mount: null };
  const mounts = namespaceOf(server, namespace)?.secrets ?? {};
  const found = Object.keys(mounts)
    .filter((name) => path === name || path.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)[0];
  const mount = found === undefined ? undefined : mounts[found];
  return found !== undefined && mount ? { path: found, mount } : undefined;
}
