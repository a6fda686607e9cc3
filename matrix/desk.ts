// The administrator who does what is printed: each command of the clouds' and Vault's own clients that advice may contain, carried out on the trust document.
import type { Account, AwsTrust } from '../sandbox/aws/trust.ts';
import type { AzureTrust, ExactCredential } from '../sandbox/azure/trust.ts';
import type { WorldTrust } from '../sandbox/default-trust.ts';
import type { GcpTrust, Pool, Project, Provider, ServiceAccount } from '../sandbox/gcp/trust.ts';
import type { JwtRole, VaultServer, VaultTrust } from '../sandbox/vault/trust.ts';
import { type Command, flag } from './shell-words.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Carries out a command; what only looks (`get`, `describe`, `list`, `read` ...) changes nothing. Throws on a command that nobody here knows. */
export function carryOut(command: Command, trust: WorldTrust): WorldTrust {
  const [program, ...rest] = command.words;
  if (looks(command.words)) return trust;
  if (program === 'aws') return { ...trust, aws: aws(rest, trust.aws) };
  if (program === 'az') return { ...trust, azure: azure(rest, trust.azure) };
  if (program === 'gcloud') return { ...trust, gcp: gcloud(rest, trust.gcp) };
  return { ...trust, vault: vault(rest, command.input ?? '', trust.vault) };
}

function looks(words: readonly string[]): boolean {
  return words.some((word) => /^(get|list|describe|read|show|status|validate)(-|$)/.test(word));
}

function unknown(words: readonly string[]): never {
  throw new Error(`nobody knows how to: ${words.join(' ')}`);
}

function aws(words: readonly string[], trust: AwsTrust): AwsTrust {
  const [, verb = ''] = words;
  if (verb === 'create-open-id-connect-provider') {
    const provider = { url: flag(words, 'url') ?? '', clientIds: [flag(words, 'client-id-list') ?? ''] };
    return accounts(trust, (account) =>
      account.oidcProviders?.some(({ url }) => url === provider.url) // "already exists"
        ? account
        : { ...account, oidcProviders: [...(account.oidcProviders ?? []), provider] },
    );
  }
  if (verb === 'add-client-id-to-open-id-connect-provider') {
    const [, host] = /oidc-provider\/(.+)$/.exec(flag(words, 'open-id-connect-provider-arn') ?? '') ?? [];
    const added = flag(words, 'client-id') ?? '';
    return accounts(trust, (account) => ({
      ...account,
      oidcProviders: (account.oidcProviders ?? []).map((provider) =>
        provider.url === `https://${host}` ? { ...provider, clientIds: [...provider.clientIds, added] } : provider,
      ),
    }));
  }
  return unknown(words);
}

function accounts(trust: AwsTrust, change: (account: Account) => Account): AwsTrust {
  return { accounts: Object.fromEntries(Object.entries(trust.accounts).map(([id, account]) => [id, change(account)])) };
}

/** Adds the statements of a printed trust policy to those of a role, as the words above it say. */
export function addStatements(trust: AwsTrust, role: string, policy: Fields): AwsTrust {
  return accounts(trust, (account) => {
    const known = account.roles[role];
    if (!known) return account;
    const old = (typeof known.trustPolicy === 'string' ? JSON.parse(known.trustPolicy) : known.trustPolicy) as Fields;
    const trustPolicy = { ...old, Statement: [old.Statement, policy.Statement].flat() };
    return { ...account, roles: { ...account.roles, [role]: { ...known, trustPolicy } } };
  });
}

function azure(words: readonly string[], trust: AzureTrust): AzureTrust {
  const line = words.join(' ');
  if (line.startsWith('ad app federated-credential create')) {
    return addCredential(trust, flag(words, 'id') ?? '', JSON.parse(flag(words, 'parameters') ?? ''));
  }
  // With a name and a group put in, it is the same for a managed identity.
  if (line.startsWith('identity federated-credential create')) return trust;
  return unknown(words);
}

/** Entra takes one credential of an issuer and subject; a second one is refused, and the first is to be changed. */
function addCredential(trust: AzureTrust, clientId: string, added: ExactCredential): AzureTrust {
  const tenants = trust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((identity) => {
      if (identity.clientId !== clientId) return identity;
      const others = identity.federatedCredentials.filter(
        (one) => !('subject' in one) || one.issuer !== added.issuer || one.subject !== added.subject,
      );
      return { ...identity, federatedCredentials: [...others, added] };
    }),
  }));
  return { tenants };
}

function gcloud(words: readonly string[], trust: GcpTrust): GcpTrust {
  const line = words.join(' ');
  if (line.startsWith('iam workload-identity-pools providers update-oidc')) return updateProvider(words, trust);
  if (line.startsWith('iam workload-identity-pools update')) {
    const enable = (pool: Pool) => ({ ...pool, disabled: !words.includes('--no-disabled') });
    return pools(trust, (pool, path) => (words.includes(path) ? enable(pool) : pool));
  }
  // What was deleted is in no document; whoever plays the row puts it back.
  if (/^iam workload-identity-pools (providers )?undelete/.test(line)) return trust;
  if (line.startsWith('iam service-accounts add-iam-policy-binding')) {
    const binding = { role: flag(words, 'role') ?? '', members: [flag(words, 'member') ?? ''] };
    const bind = (account: ServiceAccount) =>
      account.email === words[3] ? { ...account, bindings: [...account.bindings, binding] } : account;
    return projects(trust, (project) => ({ ...project, serviceAccounts: project.serviceAccounts.map(bind) }));
  }
  if (line.startsWith('services enable')) {
    return projects(trust, (project) => ({
      ...project,
      disabledServices: (project.disabledServices ?? []).filter((service) => service !== words[2]),
    }));
  }
  if (line.startsWith('iam service-accounts enable')) {
    const enable = (account: ServiceAccount) =>
      account.email === words[3] ? { ...account, disabled: false } : account;
    return projects(trust, (project) => ({ ...project, serviceAccounts: project.serviceAccounts.map(enable) }));
  }
  return unknown(words);
}

function projects(trust: GcpTrust, change: (project: Project) => Project): GcpTrust {
  return { ...trust, projects: trust.projects.map(change) };
}

/** Only what has a flag is changed. */
function updateProvider(words: readonly string[], trust: GcpTrust): GcpTrust {
  const name = words.find((word) => word.startsWith('projects/')) ?? '';
  const mapping = flag(words, 'attribute-mapping');
  const condition = flag(words, 'attribute-condition');
  const audiences = flag(words, 'allowed-audiences');
  const change = (provider: Provider): Provider => ({
    ...provider,
    issuer: flag(words, 'issuer-uri') ?? provider.issuer,
    ...(mapping !== undefined && { attributeMapping: pairsOf(mapping) }),
    ...(condition !== undefined && { attributeCondition: condition }),
    ...(audiences !== undefined && { allowedAudiences: audiences === '' ? [] : audiences.split(',') }),
    ...(words.includes('--no-disabled') && { disabled: false }),
  });
  return pools(trust, (pool, path) => ({
    ...pool,
    providers: pool.providers.map((one) => (name === `${path}/providers/${one.id}` ? change(one) : one)),
  }));
}

function pairsOf(mapping: string): Record<string, string> {
  const pairs = mapping.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

function pools(trust: GcpTrust, change: (pool: Pool, path: string) => Pool): GcpTrust {
  return projects(trust, (project) => ({
    ...project,
    pools: project.pools.map((pool) =>
      change(pool, `projects/${project.number}/locations/global/workloadIdentityPools/${pool.id}`),
    ),
  }));
}

function vault(words: readonly string[], input: string, trust: VaultTrust): VaultTrust {
  const namespace = words.find((word) => word.startsWith('-namespace='))?.slice('-namespace='.length);
  const [verb, ...rest] = words.filter((word) => !word.startsWith('-') || word === '-');
  const [, mount, role] = /^auth\/(.+)\/role\/([^/]+)$/.exec(rest[0] ?? '') ?? [];
  if (verb === 'write' && mount !== undefined && role !== undefined) {
    return servers(trust, namespace, (one) => ({
      ...one,
      auth: withRole(one.auth, mount, role, fieldsOf(rest, input)),
    }));
  }
  const [, configured] = /^auth\/(.+)\/config$/.exec(rest[0] ?? '') ?? [];
  if (verb === 'write' && configured !== undefined) {
    return servers(trust, namespace, (one) => ({
      ...one,
      auth: withConfig(one.auth, configured, fieldsOf(rest, input)),
    }));
  }
  if (verb === 'policy' && rest[0] === 'write') {
    const [, name = ''] = rest;
    const policies = (old: string | undefined) => [old ?? '', input].join('\n');
    return servers(trust, namespace, (one) => ({
      ...one,
      policies: { ...one.policies, [name]: policies(one.policies[name]) },
    }));
  }
  return unknown(words);
}

/** `key=value` words, or the JSON on standard input. */
function fieldsOf(words: readonly string[], input: string): Fields {
  if (words.includes('-')) return JSON.parse(input) as Fields;
  const pairs = words.slice(1).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Fields;
}

/** Vault merges what is written into what is there. */
function withRole(auth: VaultServer['auth'], mount: string, role: string, fields: Fields): VaultServer['auth'] {
  const known = auth[mount];
  if (!known) return auth;
  const merged = { ...known.roles[role], ...fields } as unknown as JwtRole;
  return { ...auth, [mount]: { ...known, roles: { ...known.roles, [role]: merged } } };
}

function withConfig(auth: VaultServer['auth'], mount: string, fields: Fields): VaultServer['auth'] {
  const known = auth[mount] ?? { type: 'jwt', roles: {} };
  return { ...auth, [mount]: { ...known, config: { ...known.config, ...fields } } };
}

function servers(
  trust: VaultTrust,
  namespace: string | undefined,
  change: <T extends Pick<VaultServer, 'auth' | 'policies'>>(one: T) => T,
): VaultTrust {
  return {
    servers: trust.servers.map((server) =>
      namespace === undefined
        ? change(server)
        : {
            ...server,
            namespaces: Object.fromEntries(
              Object.entries(server.namespaces ?? {}).map(([name, one]) => [
                name,
                name === namespace ? change(one) : one,
              ]),
            ),
          },
    ),
  };
}
