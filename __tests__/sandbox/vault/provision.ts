// Makes a real OpenBao what a trust document says, through its API: for the same table of requests against the real thing.
import type { JwtMount, SecretMount, VaultNamespace, VaultServer } from '../../../sandbox/vault/trust.ts';
import { publicKeyPem } from './job.ts';

export interface Real {
  /** A write with the root token, in a namespace (empty: the root). Throws unless the answer is a success. */
  write(path: string, body: unknown, namespace: string): Promise<void>;
  /** Where the issuer's JWKS is served: the real server cannot reach the issuer that the document names. */
  readonly jwksUrl: string;
  /** Settings of `database/config/<name>`: plugin, connection URL, user, password. */
  readonly database: object;
  readonly creationStatements: readonly string[];
}

export async function provision(server: VaultServer, real: Real): Promise<void> {
  await provisionNamespace(server, '', real);
  for (const [name, namespace] of Object.entries(server.namespaces ?? {})) {
    await real.write(`sys/namespaces/${name}`, {}, '');
    await new Promise((resolve) => setTimeout(resolve, 800)); // A namespace is not ready at once.
    await provisionNamespace(namespace, name, real);
  }
}

async function provisionNamespace(namespace: VaultNamespace, name: string, real: Real): Promise<void> {
  const write = (path: string, body: unknown) => real.write(path, body, name);
  for (const [policy, text] of Object.entries(namespace.policies))
    await write(`sys/policies/acl/${policy}`, { policy: text });
  for (const [path, mount] of Object.entries(namespace.auth)) await provisionJwt(path, mount, write, real);
  for (const [path, mount] of Object.entries(namespace.secrets)) await provisionSecrets(path, mount, write, real);
}

type Write = (path: string, body: unknown) => Promise<void>;

async function provisionJwt(path: string, mount: JwtMount, write: Write, real: Real): Promise<void> {
  await write(`sys/auth/${path}`, { type: 'jwt' });
  if (!mount.config) return;
  const { static: fixed, oidc_discovery_url: _, ...rest } = mount.config;
  await write(`auth/${path}/config`, {
    ...rest,
    ...(fixed ? { jwt_validation_pubkeys: [publicKeyPem] } : { jwks_url: real.jwksUrl }),
  });
  for (const [name, role] of Object.entries(mount.roles)) await write(`auth/${path}/role/${name}`, role);
}

async function provisionSecrets(path: string, mount: SecretMount, write: Write, real: Real): Promise<void> {
  const version = mount.type === 'kv' ? { options: { version: String(mount.version) } } : {};
  await write(`sys/mounts/${path}`, { type: mount.type, ...version });
  await new Promise((resolve) => setTimeout(resolve, mount.type === 'kv' ? 800 : 0)); // KV v2 upgrades itself first.
  if (mount.type === 'kv') return provisionKv(path, mount, write);
  if (mount.type === 'transit') return each(mount.keys, (name, type) => write(`${path}/keys/${name}`, { type }));
  if (mount.type === 'totp') return each(mount.keys, (name, key) => write(`${path}/keys/${name}`, { key }));
  if (mount.type === 'pki')
    await write(`${path}/root/generate/internal`, { common_name: 'root', key_type: 'ec', ttl: '700h' });
  if (mount.type === 'ssh') await write(`${path}/config/ca`, { generate_signing_key: true, key_type: 'ed25519' });
  if (mount.type === 'database') await write(`${path}/config/db`, { ...real.database, allowed_roles: '*' });
  const extra =
    mount.type === 'database'
      ? { db_name: 'db', creation_statements: real.creationStatements }
      : mount.type === 'pki'
        ? { key_type: 'ec' }
        : {};
  if ('roles' in mount)
    await each<object>(mount.roles, (name, role) => write(`${path}/roles/${name}`, { ...role, ...extra }));
}

async function provisionKv(path: string, mount: Extract<SecretMount, { type: 'kv' }>, write: Write): Promise<void> {
  if (mount.version === 1) return each(mount.secrets, (name, data) => write(`${path}/${name}`, data));
  await each(mount.secrets, async (name, seed) => {
    const versions = Array.isArray(seed) ? seed : [{ data: seed }];
    for (const [i, { data, deleted, destroyed }] of versions.entries()) {
      await write(`${path}/data/${name}`, { data });
      if (deleted) await write(`${path}/delete/${name}`, { versions: [i + 1] });
      if (destroyed) await write(`${path}/destroy/${name}`, { versions: [i + 1] });
    }
  });
}

async function each<T>(
  entries: Readonly<Record<string, T>>,
  act: (name: string, value: T) => Promise<void>,
): Promise<void> {
  for (const [name, value] of Object.entries(entries)) await act(name, value);
}
