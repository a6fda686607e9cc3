import type { Claims } from '../../../src/core/claims.ts';
import { Failure } from '../../../src/core/failure.ts';
import { NetworkFault } from '../../../src/core/http.ts';
import { unreachable } from '../../../src/core/reach.ts';
import { advise, TRUST_IDS } from '../../../src/providers/vault/advice.ts';
import type { VaultRequest } from '../../../src/providers/vault/request.ts';
import { trust } from '../../../src/providers/vault/trust.ts';
import { staysTame } from '../../literals/advice-law.ts';
import { BRANCH, ENVIRONMENT, IMMUTABLE } from '../../literals/presented.ts';

const ALL = { kind: 'all', keepCase: false } as const;
const REQUEST: VaultRequest = {
  url: 'https://vault.example.com:8200',
  role: 'ci',
  authPath: 'jwt',
  audience: 'https://vault.example.com:8200',
  secrets: [
    { path: 'secret/data/app', selector: ALL },
    { path: 'kv/app', selector: ALL, version: 3 },
    { path: 'pki/issue/web', selector: ALL },
  ],
  exportToken: false,
  ignoreNotFound: false,
};

function login(status: number, said: string, claims: Claims = BRANCH, change: Partial<VaultRequest> = {}): Failure {
  const id = status === 503 ? 'vault/sealed' : 'vault/login-refused';
  return advise(
    new Failure(id, `Vault refused the login: ${said}`, { status, said }),
    { ...REQUEST, ...change },
    claims,
  );
}

function read(status: number, said: string, place = 'secret/data/app', change: Partial<VaultRequest> = {}): Failure {
  const id = status === 404 ? 'vault/not-found' : status === 403 ? 'vault/read-refused' : 'vault/read-failed';
  const failure = new Failure(id, `Vault did not give ${place}: ${said || 'there is no such secret'}`, {
    status,
    said,
  });
  return advise(failure, { ...REQUEST, ...change }, BRANCH);
}
const FORBIDDEN = '1 error occurred:\n\t* permission denied\n\n';

describe("Vault's refusals of a login", () => {
  it.each([
    [400, 'role "ci" could not be found', 'vault/role-missing'],
    [400, 'missing role', 'vault/role-missing'],
    [400, 'role with oidc role_type is not allowed', 'vault/role-type'],
    [
      400,
      'error validating token: invalid audience (aud) claim: audience claim does not match any expected audience',
      'vault/audience-refused',
    ],
    [400, 'audience claim found in JWT but no audiences bound to the role', 'vault/audience-refused'],
    [400, 'error validating token: invalid subject (sub) claim', 'vault/subject-refused'],
    [400, 'error validating token: invalid issuer (iss) claim', 'vault/issuer-refused'],
    [
      400,
      'error validating claims: claim "environment" does not match any associated bound claim values',
      'vault/claims-refused',
    ],
    [400, 'error validating claims: claim "environment" is missing', 'vault/claims-refused'],
    [400, 'claim "repository" not found in token', 'vault/role-mapping'],
    [400, "error converting claim 'x' to string", 'vault/role-mapping'],
    [400, 'error validating token: invalid expiration time (exp) claim: token is expired', 'vault/token-expired'],
    [400, 'error validating token: invalid not before (nbf) claim: token not yet valid', 'vault/clock'],
    [
      400,
      'error validating token: error verifying token signature: no known key successfully validated the token signature',
      'vault/signature',
    ],
    [
      400,
      'error validating token: error verifying token signature: failed to verify id token signature',
      'vault/signature',
    ],
    [
      400,
      'error validating token: error verifying token signature: fetching keys oidc: get keys failed: 404 Not Found',
      'vault/keys-unreachable',
    ],
    [
      400,
      'error validating token: error verifying token signature: go-jose/go-jose: compact JWS format must have three parts',
      'vault/token-malformed',
    ],
    [
      400,
      'error validating token: invalid algorithm (alg) header parameter: token signed with unexpected algorithm',
      'vault/algorithm',
    ],
    [400, 'could not load configuration', 'vault/mount-unconfigured'],
    [403, 'permission denied', 'vault/mount-or-namespace'],
    [404, 'namespace not found', 'vault/namespace-missing'],
    [405, 'unsupported operation', 'vault/mount-or-namespace'],
    [429, 'request path "auth/jwt/login": rate limit quota exceeded', 'vault/throttled'],
    [503, 'Vault is sealed', 'vault/sealed'],
    [
      503,
      'API access to this namespace has been locked by an administrator - "team/" must be unlocked to gain access.',
      'vault/namespace-locked',
    ],
    [503, '', 'vault/unavailable'],
  ])('%s "%s" is %s', (status, said, id) => {
    const failure = login(status, said);
    expect(failure.id).toBe(id);
    expect(failure.fixes.length).toBeGreaterThan(0);
  });

  it('keep what it does not know, and gain a general fix', () => {
    expect(login(400, 'something new')).toMatchObject({ id: 'vault/login-refused', fixes: [expect.any(String)] });
  });

  it('leave other failures as they are', () => {
    const failure = new Failure('vault/unreachable', 'm', { status: 403, said: 'x' }, ['its own fix']);
    expect(advise(failure, REQUEST, BRANCH)).toBe(failure);
  });

  it.each([
    ['environment', BRANCH, 'environment is MISSING', 'Give the job the `environment:`'],
    ['repository_id', BRANCH, 'repository_id is 456789', 'as texts'],
    ['ref', BRANCH, 'ref is refs/heads/main', 'pull request'],
    ['sub', IMMUTABLE, IMMUTABLE.sub as string, 'immutable form'],
    ['__proto__', BRANCH, '__proto__ is MISSING', 'vault write'],
  ])('show the claim %s that was presented', (name, claims, presented, hint) => {
    const said = `error validating claims: claim "${name}" does not match any associated bound claim values`;
    const fixes = login(400, said, claims).fixes.join('\n');
    expect(fixes).toContain(presented);
    expect(fixes).toContain(hint);
  });

  it('explain a subject by what the job is', () => {
    const fixes = login(400, 'error validating token: invalid subject (sub) claim', ENVIRONMENT).fixes;
    expect(fixes[0]).toContain(ENVIRONMENT.sub);
    expect(fixes[1]).toContain('environment production');
  });
});

describe('a login that is turned away at the door', () => {
  const first = (change: Partial<VaultRequest>) => login(403, 'permission denied', BRANCH, change).fixes[0];

  it('is first of all the mount', () => expect(first({})).toContain('mounted at jwt'));

  it('is the namespace with HCP, which has no root', () => {
    expect(first({ url: 'https://v.vault.1-2.aws.hashicorp.cloud:8200' })).toContain('admin');
    expect(first({ url: 'https://v.vault.1-2.aws.hashicorp.cloud:8200', authNamespace: 'admin' })).toContain('mounted');
  });
});

describe("Vault's refusals of a read", () => {
  it.each([
    [403, FORBIDDEN, 'vault/read-refused'],
    [403, 'permission denied', 'vault/token-refused'],
    [403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n', 'vault/token-refused'],
    [404, '', 'vault/not-found'],
    [404, 'namespace not found', 'vault/namespace-missing'],
    [400, 'unknown role: none', 'vault/engine-role-missing'],
    [
      400,
      'Secret cannot be returned; token had one use left, so leased credentials were immediately revoked.',
      'vault/token-uses',
    ],
    [405, '1 error occurred:\n\t* unsupported operation\n\n', 'vault/unsupported'],
    [429, 'lease count quota exceeded', 'vault/throttled'],
    [500, '1 error occurred:\n\t* failed to execute query: ERROR: x (SQLSTATE 42601)\n\n', 'vault/engine-failed'],
    [503, 'Vault is sealed', 'vault/sealed'],
  ])('%s %j is %s', (status, said, id) => expect(read(status, said).id).toBe(id));

  it('give the policy line to paste', () => {
    const fixes = read(403, FORBIDDEN).fixes;
    expect(fixes[0]).toContain('path "secret/data/app" { capabilities = ["read"] }');
    expect(fixes.join()).not.toContain('version 2');
  });

  it('give the path of another namespace with its name', () => {
    const fixes = read(403, FORBIDDEN, 'secret/data/app', { namespace: 'admin/team', authNamespace: 'admin' }).fixes;
    expect(fixes.join()).toContain('path "team/secret/data/app"');
  });

  it('think of data/ where the path has none', () => {
    expect(read(403, FORBIDDEN, 'kv/app?version=3').fixes.join()).toContain('have data/ behind the mount');
  });

  it('first of all say so where an engine is written to', () => {
    expect(read(403, FORBIDDEN, 'pki/issue/web').fixes[0]).toContain('written to');
  });

  it('show how to write where an engine is written to, and how to read where it is read', () => {
    const unsupported = '1 error occurred:\n\t* unsupported operation\n\n';
    expect(read(405, unsupported, 'pki/issue/web').fixes[0]).toContain('POST pki/issue/web {');
    const written = [{ method: 'POST' as const, path: 'database/creds/ro', selector: ALL }];
    expect(read(405, unsupported, 'POST database/creds/ro', { secrets: written })).toMatchObject({
      id: 'vault/unsupported',
      message: expect.stringContaining('is read, not written to'),
      fixes: ['Remove POST and the JSON body from the line.'],
    });
  });

  it.each([
    ['check-and-set parameter did not match the current version', 'vault/version-conflict'],
    ['check-and-set parameter required for this call', 'vault/version-conflict'],
    ['no data provided', 'vault/write-refused'],
    ['missing data fields', 'vault/write-refused'],
  ])('of a write: %s is %s', (said, id) => {
    const secrets = [{ method: 'POST' as const, path: 'secret/data/app', body: '{}' }];
    const failure = read(400, said, 'POST secret/data/app', { secrets });
    expect(failure.id).toBe(id);
    expect(failure.message).toContain('secret/data/app');
  });

  it('give a write its line of policy', () => {
    const secrets = [{ method: 'POST' as const, path: 'secret/data/app', body: '{}' }];
    const fixes = read(403, FORBIDDEN, 'POST secret/data/app', { secrets }).fixes.join();
    expect(fixes).toContain('path "secret/data/app" { capabilities = ["create", "update"] }');
  });

  it('name the version that is gone', () => {
    expect(read(404, '', 'kv/app?version=3').message).toContain('kv/app in version 3');
  });

  it.each(['secret/data/*', 'secret/+/app', 'secret/{{x}}'])('give no line for %s, which is a pattern', (path) => {
    const fixes = read(403, FORBIDDEN, path, { secrets: [{ path, selector: ALL }] }).fixes.join();
    expect(fixes).not.toContain('capabilities');
    expect(fixes).toContain('`read`');
  });
});

describe('a connection that did not come about', () => {
  const [mine, other] = ['vault.example.com:8200', 'vault-2.example.com:8200'];
  const ca = { connection: { tls: { ca: 'CA' } } };
  const client = { connection: { tls: { certificate: 'C', key: 'K' } } };
  const fault = (code: string, host: string, change: Partial<VaultRequest> = {}) =>
    advise(unreachable('vault', 'Vault', new NetworkFault(code, host, false)), { ...REQUEST, ...change }, BRANCH);

  it.each<[string, string, Partial<VaultRequest>, string, RegExp]>([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', mine, {}, 'vault/tls-untrusted', /Give the authority in vault-ca-certificate/],
    ['SELF_SIGNED_CERT_IN_CHAIN', mine, ca, 'vault/tls-untrusted', /Put the root that signed it/],
    [
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      other,
      ca,
      'vault/tls-untrusted',
      /vault-2\.example\.com:8200 is where a standby led/,
    ],
    ['ERR_TLS_CERT_ALTNAME_INVALID', mine, {}, 'vault/tls-name', /Write the name in vault-url/],
    ['CERT_HAS_EXPIRED', mine, {}, 'vault/tls-expired', /Have it renewed/],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      mine,
      {},
      'vault/tls-client-certificate',
      /Set vault-client-certificate and vault-client-key/,
    ],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', mine, {}, 'vault/tls-client-certificate', /Set vault-client-certificate/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', mine, client, 'vault/tls-client-certificate', /tls_client_ca_file has signed/],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      other,
      client,
      'vault/tls-client-certificate',
      /Set vault-url to the address of the active/,
    ],
    ['ERR_SSL_WRONG_VERSION_NUMBER', mine, {}, 'vault/tls-not-spoken', /Check the port/],
    ['EPROTO', mine, {}, 'vault/tls-not-spoken', /Check the port/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', mine, {}, 'vault/tls-version', /TLS 1\.2 or 1\.3/],
    ['ENOTFOUND', mine, {}, 'vault/unreachable', /Check the name/],
    ['ECONNRESET', mine, client, 'vault/unreachable', /Check that the runner may reach/],
  ])('%s at %s', (code, host, change, id, fix) => {
    const advised = fault(code, host, change);
    expect(advised.id).toBe(id);
    expect(advised.fixes.join('\n')).toMatch(fix);
    expect(advised.evidence).toMatchObject({ host, code });
  });
});

it('a redirect that is not followed is one', () => {
  expect(login(307, '').id).toBe('vault/redirected');
  expect(read(307, '').id).toBe('vault/redirected');
});

it.each([
  ['vault/role-missing', true],
  ['vault/claims-refused', true],
  ['vault/read-refused', false],
  ['vault/mount-or-namespace', false],
  ['vault/sealed', false],
])('%s is mended by another role: %s', (id, expected) => expect(TRUST_IDS.has(id)).toBe(expected));

it('holds no command and no token, whatever was planted', () => {
  staysTame({ advise, trust, TRUST_IDS }, REQUEST, [
    { id: 'vault/login-refused', status: 403 },
    { id: 'vault/login-refused', status: 400, said: 'invalid subject (sub) claim' },
    { id: 'vault/login-refused', status: 400, said: 'error validating claims: claim "sub" is missing' },
    { id: 'vault/login-refused', status: 400, said: 'could not load configuration' },
    { id: 'vault/read-refused', status: 403 },
    { id: 'vault/read-failed', status: 418 },
    { id: 'vault/unreachable', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  ]);
});
