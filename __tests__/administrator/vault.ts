// An administrator of Vault: takes what `trust.ts` wrote, in each of its forms, and sets mount, role and policy up by it.
import { vaultService } from '../../sandbox/vault/service.ts';
import type { JwtRole, VaultTrust } from '../../sandbox/vault/trust.ts';
import type { Claims } from '../../src/core/claims.ts';
import type { Documents, Snippet } from '../../src/core/documents.ts';
import { callTo, issuer, mint, newContext } from '../sandbox/test-issuer.ts';
import { command, taken } from './command.ts';
import { configuration, members } from './terraform.ts';

export const ORIGIN = 'https://vault.example.com';

interface Written {
  role: JwtRole;
  policy: string;
  issuer: string;
}

function server({ role, policy, issuer }: Written): VaultTrust {
  return {
    servers: [
      {
        origin: ORIGIN,
        flavour: 'vault',
        auth: {
          jwt: {
            type: 'jwt',
            config: { oidc_discovery_url: issuer, bound_issuer: issuer },
            roles: { ci: role },
          },
        },
        secrets: { secret: { type: 'kv', version: 2, secrets: { app: { password: 'a password' } } } },
        policies: { ci: policy },
      },
    ],
  };
}

const found = (documents: Documents, beginning: string): Snippet => {
  const snippet = documents.snippets.find((s) => s.lines[0]?.startsWith(beginning));
  if (!snippet) throw new Error(`no command begins with ${beginning}`);
  return snippet;
};

export function byCommands(documents: Documents): VaultTrust {
  const [enable = '', configure = ''] = found(documents, 'vault auth enable').lines;
  expect(command('vault', [enable])).toMatchObject({ words: ['auth', 'enable', 'jwt'], flags: { path: 'jwt' } });
  const [write, path, discovery = '', bound = ''] = command('vault', [configure]).words;
  expect([write, path]).toEqual(['write', 'auth/jwt/config']);
  const issuer = discovery.replace('oidc_discovery_url=', '');
  expect(bound).toBe(`bound_issuer=${issuer}`);
  const role = command('vault', found(documents, "vault write 'auth/jwt/role").lines);
  expect(role.words).toEqual(['write', 'auth/jwt/role/ci', '-']);
  const policy = command('vault', found(documents, 'vault policy write').lines);
  expect(policy.words).toEqual(['policy', 'write', 'ci', '-']);
  taken(policy);
  return server({ role: JSON.parse(role.input), policy: policy.input, issuer });
}

export async function byTerraform(documents: Documents): Promise<VaultTrust> {
  const file = await configuration(documents.snippets.filter((s) => s.language === 'hcl').flatMap((s) => s.lines));
  const mount = members<Record<string, string>>(
    file.only('vault_jwt_auth_backend'),
    ...['path', 'oidc_discovery_url', 'bound_issuer'],
  );
  const role = members<Record<string, unknown> & JwtRole>(
    file.only('vault_jwt_auth_backend_role'),
    ...['backend', 'role_name', 'role_type', 'bound_audiences', 'bound_subject', 'bound_claims_type', 'bound_claims'],
    ...['user_claim', 'token_policies', 'token_ttl'],
  );
  expect([mount.path, role.backend, role.role_name]).toEqual(['jwt', 'jwt', 'ci']);
  const policy = members<{ name: string; policy: string }>(file.only('vault_policy'), 'name', 'policy');
  expect(policy.name).toBe('ci');
  const { backend: _, role_name: __, label: ___, ...written } = role;
  return server({ role: written as JwtRole, policy: policy.policy, issuer: mount.oidc_discovery_url ?? '' });
}

/** Login and read. */
export async function accepts(trust: VaultTrust, claims: Claims): Promise<boolean> {
  const context = newContext();
  const service = vaultService({ ...context, issuer: { ...issuer, url: String(claims.iss) }, trust: () => trust });
  const jwt = mint(context.clock, claims);
  const body = JSON.stringify({ jwt, role: 'ci' });
  const headers = { 'content-type': 'application/json', 'x-vault-request': 'true' };
  const login = await service.answer(callTo(`${ORIGIN}/v1/auth/jwt/login`, { method: 'POST', headers, body }));
  if (login.status !== 200) return false;
  const token = JSON.parse(login.body ?? '').auth.client_token;
  const read = await service.answer(
    callTo(`${ORIGIN}/v1/secret/data/app`, { headers: { ...headers, 'x-vault-token': token } }),
  );
  return read.status === 200;
}
