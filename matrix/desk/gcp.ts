// The commands of gcloud that advice may contain, on the trust document.
import type { GcpTrust, Pool, Project, Provider, ServiceAccount } from '../../sandbox/gcp/trust.ts';
import { flag, unknown } from '../shell-words.ts';

export function gcloud(words: readonly string[], trust: GcpTrust): GcpTrust {
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
