// The secret engines of the sandbox's Vault document, mounted in a real OpenBao.
import type { DatabaseMount, IdentityMount, KvTwoMount, SecretMount } from '../sandbox/vault/trust.ts';
import type { Postgres } from './postgres.ts';
import type { Administer, Surroundings } from './vault-setup.ts';

/** What OpenBao does not have. */
const MISSING = new Set(['aws', 'azure', 'gcp', 'terraform', 'consul', 'nomad', 'ldap']);

/** Mounts one engine with all that the document says about it; one that OpenBao lacks is left out. */
export async function mountEngine(
  administer: Administer,
  path: string,
  mount: SecretMount,
  { postgres, backends }: Surroundings,
): Promise<void> {
  if (MISSING.has(mount.type)) return;
  if (mount.type === 'identity') return setUpIdentity(administer, mount);
  const version = mount.type === 'kv' ? { options: { version: String(mount.version) } } : {};
  await administer('POST', `sys/mounts/${path}`, { type: mount.type, ...version });
  switch (mount.type) {
    case 'kv':
      return mount.version === 2 ? writeVersions(administer, path, mount) : writeAll(administer, path, mount.secrets);
    case 'database':
      return setUpDatabase(administer, path, mount, postgres);
    case 'pki':
      await administer('POST', `${path}/root/generate/internal`, { common_name: 'root', key_type: 'ec', ttl: '700h' });
      return writeAll(administer, `${path}/roles`, mount.roles, { key_type: 'ec' });
    case 'ssh':
      await administer('POST', `${path}/config/ca`, { generate_signing_key: true, key_type: 'ed25519' });
      return writeAll(administer, `${path}/roles`, mount.roles);
    case 'transit':
      for (const [name, type] of Object.entries(mount.keys)) await administer('POST', `${path}/keys/${name}`, { type });
      return;
    case 'rabbitmq': {
      const connection = { connection_uri: backends?.origin, username: 'admin', password: 'admin' };
      await administer('POST', `${path}/config/connection`, connection);
      for (const [name, { default_ttl, max_ttl, ...role }] of Object.entries(mount.roles)) {
        await administer('POST', `${path}/roles/${name}`, role);
        await administer('POST', `${path}/config/lease`, { ttl: default_ttl, max_ttl });
      }
      return;
    }
    case 'kubernetes':
      await administer('POST', `${path}/config`, {
        kubernetes_host: backends?.origin,
        service_account_jwt: 'of-the-engine',
        disable_local_ca_jwt: true,
      });
      return writeAll(administer, `${path}/roles`, mount.roles);
    case 'totp':
      for (const [name, key] of Object.entries(mount.keys)) await administer('POST', `${path}/keys/${name}`, { key });
  }
}

/** Always mounted. A key that any client may use, and the roles. */
async function setUpIdentity(administer: Administer, mount: IdentityMount): Promise<void> {
  await administer('POST', 'identity/oidc/key/any', { allowed_client_ids: '*' });
  return writeAll(administer, 'identity/oidc/role', mount.roles, { key: 'any' });
}

async function writeAll(
  administer: Administer,
  path: string,
  entries: Readonly<Record<string, object>>,
  extra = {},
): Promise<void> {
  for (const [name, entry] of Object.entries(entries))
    await administer('POST', `${path}/${name}`, { ...entry, ...extra });
}

async function writeVersions(administer: Administer, path: string, mount: KvTwoMount): Promise<void> {
  for (const [name, secret] of Object.entries(mount.secrets)) {
    const versions = Array.isArray(secret) ? secret : [{ data: secret }];
    for (const { data } of versions) await administer('POST', `${path}/data/${name}`, { data });
    for (const [index, { deleted, destroyed }] of versions.entries()) {
      const how = destroyed ? 'destroy' : deleted ? 'delete' : undefined;
      if (how) await administer('POST', `${path}/${how}/${name}`, { versions: [index + 1] });
    }
  }
}

const CREATION = [
  `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`,
  'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{{name}}";',
];

async function setUpDatabase(
  administer: Administer,
  path: string,
  mount: DatabaseMount,
  postgres: Postgres,
): Promise<void> {
  const { port, user, password } = postgres;
  await administer('POST', `${path}/config/postgres`, {
    plugin_name: 'postgresql-database-plugin',
    allowed_roles: '*',
    username: user,
    password,
    connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${port}/postgres?sslmode=disable`,
  });
  for (const [name, { default_ttl, max_ttl }] of Object.entries(mount.roles)) {
    const role = { db_name: 'postgres', creation_statements: CREATION, default_ttl, max_ttl };
    await administer('POST', `${path}/roles/${name}`, role);
  }
}
