// The commands of Vault's CLI that advice may contain, on the trust document.
import type { JwtRole, VaultServer, VaultTrust } from '../../sandbox/vault/trust.ts';
import { unknown } from '../shell-words.ts';

type Fields = Readonly<Record<string, unknown>>;

export function vault(words: readonly string[], input: string, trust: VaultTrust): VaultTrust {
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
