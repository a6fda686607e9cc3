// Writes the sandbox's Vault document into a real OpenBao: the same roles, policies and engines, so that what is played and what is real
// are configured by one text. Where the document says what OpenBao lacks (AWS, Azure, Google Cloud and Terraform engines), it is left out.
import type { JwtConfig, JwtMount, VaultNamespace, VaultServer } from '../sandbox/vault/trust.ts';
import type { Backends } from './backends.ts';
import type { OpenBao } from './openbao.ts';
import type { Postgres } from './postgres.ts';
import { mountEngine } from './vault-engines.ts';

export interface Surroundings {
  /** PEM of the authority behind the certificate of GitHub's issuer, whose keys OpenBao finds by discovery. */
  readonly issuerCa: string;
  /** PEM public keys of the issuer, for mounts that hold them themselves. */
  readonly issuerKeys: readonly string[];
  /** Behind every database engine. */
  readonly postgres: Postgres;
  /** Behind RabbitMQ's and Kubernetes' engines, where the document has these. */
  readonly backends?: Backends;
}

/** One call of the administrator inside a namespace; throws where OpenBao refuses. */
export type Administer = (method: string, path: string, body?: object) => Promise<unknown>;

/** Configures a fresh OpenBao. Throws with its answer where it refuses a part. */
export async function configureVault(bao: OpenBao, server: VaultServer, around: Surroundings): Promise<void> {
  await bao.demand('DELETE', 'sys/mounts/secret'); // development mode brings one
  await configureNamespace((method, path, body) => patiently(() => bao.demand(method, path, body)), server, around);
  for (const [name, namespace] of Object.entries(server.namespaces ?? {}).sort(([a], [b]) => a.length - b.length)) {
    await bao.demand('POST', `sys/namespaces/${name}`, {});
    const inside: Administer = (method, path, body) => patiently(() => bao.demand(method, `${name}/${path}`, body));
    await configureNamespace(inside, namespace, around);
  }
}

async function configureNamespace(
  administer: Administer,
  namespace: VaultNamespace,
  around: Surroundings,
): Promise<void> {
  for (const [name, policy] of Object.entries(namespace.policies)) {
    await administer('POST', `sys/policies/acl/${name}`, { policy });
  }
  for (const [path, mount] of Object.entries(namespace.auth)) await mountJwt(administer, path, mount, around);
  for (const [path, mount] of Object.entries(namespace.secrets)) await mountEngine(administer, path, mount, around);
}

async function mountJwt(
  administer: Administer,
  path: string,
  { config, roles }: JwtMount,
  around: Surroundings,
): Promise<void> {
  await administer('POST', `sys/auth/${path}`, { type: 'jwt' });
  if (config) await administer('POST', `auth/${path}/config`, jwtConfig(config, around));
  for (const [name, role] of Object.entries(roles)) await administer('POST', `auth/${path}/role/${name}`, role);
}

function jwtConfig({ static: fixed, ...config }: JwtConfig, { issuerCa, issuerKeys }: Surroundings): object {
  return {
    ...config,
    ...(fixed && { jwt_validation_pubkeys: issuerKeys }),
    ...(config.oidc_discovery_url && { oidc_discovery_ca_pem: issuerCa }),
    ...(config.jwks_url && { jwks_ca_pem: issuerCa }),
  };
}

/** A namespace or a versioned mount takes a moment before it can be used (facts: real-parts 1.5). */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let left = 20; left > 0; left--) {
    try {
      return await call();
    } catch (error) {
      if (!/Upgrading from non-versioned|namespace not found|no handler for route/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return call();
}
