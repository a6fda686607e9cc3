import type { Claims } from '../../../src/core/claims.ts';
import type { VaultRequest } from '../../../src/providers/vault/request.ts';
import { policyLine, trust } from '../../../src/providers/vault/trust.ts';
import { pasted } from '../../literals/pasted.ts';
import { BRANCH, PULL_REQUEST, UNTRUSTED } from '../../literals/presented.ts';

const ALL = { kind: 'all', keepCase: false } as const;
const REQUEST: VaultRequest = {
  url: 'https://vault.example.com:8200',
  role: 'ci',
  authPath: 'jwt',
  audience: 'https://vault.example.com:8200',
  secrets: [
    { path: 'secret/data/app', selector: ALL },
    { path: 'secret/data/app', selector: ALL },
  ],
  exportToken: false,
  ignoreNotFound: false,
};
const LEASED: VaultRequest = { ...REQUEST, secrets: [{ path: 'database/creds/readonly', selector: ALL }] };
const PRESENTED: Claims = { ...BRANCH, aud: REQUEST.audience };

/** Arguments and standard input of the command that begins so, with its here-document. */
function command(beginning: string, request = REQUEST, claims = PRESENTED): { args: string[]; input: string } {
  const lines = trust(request, claims);
  const start = lines.findIndex((line) => line.startsWith(beginning));
  const end = lines.findIndex((line, i) => i > start && (line === 'JSON' || line === 'HCL'));
  const parts = pasted('vault', lines.slice(start, end + 1), true);
  return { args: parts.slice(0, -1), input: parts.at(-1) ?? '' };
}

describe('the role', () => {
  it('accepts this token by equality and no other', () => {
    const { args, input } = command('vault write');
    expect(args).toEqual(['write', 'auth/jwt/role/ci', '-']);
    expect(JSON.parse(input)).toEqual({
      role_type: 'jwt',
      bound_audiences: [REQUEST.audience],
      bound_subject: BRANCH.sub,
      bound_claims_type: 'string',
      bound_claims: {
        repository_id: '456789',
        repository_owner_id: '123456',
        job_workflow_ref: BRANCH.job_workflow_ref,
      },
      user_claim: 'repository',
      token_policies: ['ci'],
      token_ttl: '1h',
    });
  });

  it('is written where the login is', () => {
    const { args } = command('vault write', { ...REQUEST, authPath: 'github/jwt', authNamespace: 'admin' });
    expect(args).toEqual(['write', '-namespace=admin', 'auth/github/jwt/role/ci', '-']);
  });

  it('takes the subject for a name where the issuer has no ids', () => {
    const { input } = command('vault write', REQUEST, { iss: BRANCH.iss, sub: BRANCH.sub, aud: REQUEST.audience });
    expect(JSON.parse(input)).toMatchObject({ bound_subject: BRANCH.sub, user_claim: 'sub' });
    expect(JSON.parse(input)).not.toHaveProperty('bound_claims');
  });

  it('is to be named where the step names none', () => {
    const { role: _, ...request } = REQUEST;
    expect(trust(request, PRESENTED)).toContain('Put the name of the role in the place of ROLE.');
    expect(command('vault write', request).args).toContain('auth/jwt/role/ROLE');
  });

  it('says what the trust of a pull request lets in', () => {
    expect(trust(REQUEST, PULL_REQUEST).join()).toContain('every pull request');
  });
});

describe('the policy', () => {
  it('has one line a path', () => {
    const { args, input } = command('vault policy');
    expect(args).toEqual(['policy', 'write', 'ci', '-']);
    expect(input.trim()).toBe('path "secret/data/app" { capabilities = ["read"] }');
  });

  it('lets post revoke what is leased', () => {
    expect(command('vault policy', LEASED).input.trim().split('\n')).toEqual([
      'path "database/creds/readonly" { capabilities = ["read"] }',
      'path "sys/leases/revoke" { capabilities = ["update"] }',
    ]);
  });

  it('is left out where nothing is read', () => {
    expect(trust({ ...REQUEST, secrets: [], exportToken: true }, PRESENTED).join()).not.toContain('vault policy');
  });

  it.each<[string | undefined, string | undefined, string]>([
    [undefined, undefined, ''],
    ['team', 'team', ''],
    ['team', undefined, 'team/'],
    ['admin/team/app', 'admin', 'team/app/'],
    ['other', 'admin', ''],
  ])('of secrets in %s for a login in %s has paths that begin with "%s"', (namespace, authNamespace, prefix) => {
    const request = { ...REQUEST, ...(namespace && { namespace }), ...(authNamespace && { authNamespace }) };
    expect(policyLine(request, 'secret/data/app', 'read')).toBe(
      `path "${prefix}secret/data/app" { capabilities = ["read"] }`,
    );
  });

  it.each(['secret/data/*', 'secret/+/x', 'secret/{{y}}', 'a b/c', 'secret/"x'])('has no line for %s', (path) => {
    expect(policyLine(REQUEST, path, 'read')).toBeUndefined();
    const lines = trust({ ...REQUEST, secrets: [...REQUEST.secrets, { path, selector: ALL }] }, PRESENTED);
    expect(lines.join('\n')).not.toContain(path);
    expect(lines.join('\n')).toContain('by hand');
  });
});

it.each(UNTRUSTED)('is not written for %s: one line says why', (_, claims) => {
  expect(trust(REQUEST, claims)).toEqual([expect.stringMatching(/^No trust is written for /)]);
});

it('the policy grants each path what the step does there, and no more', () => {
  const secrets = [
    { path: 'secret/data/app', selector: ALL },
    { path: 'secret/data/app', version: 2, selector: ALL },
    { method: 'POST' as const, path: 'secret/data/build', body: '{}' },
    { method: 'POST' as const, path: 'pki/issue/web', body: '{}', selector: ALL },
    { path: 'aws/sts/x', selector: ALL },
    { method: 'POST' as const, path: 'aws/sts/x', selector: ALL },
  ];
  const { input } = command('vault policy', { ...REQUEST, secrets });
  expect(input.trim().split('\n')).toEqual([
    'path "secret/data/app" { capabilities = ["read"] }',
    'path "secret/data/build" { capabilities = ["create", "update"] }',
    'path "pki/issue/web" { capabilities = ["update"] }',
    'path "aws/sts/x" { capabilities = ["read", "update"] }',
    'path "sys/leases/revoke" { capabilities = ["update"] }',
  ]);
});
