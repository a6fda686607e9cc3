// Vault and OpenBao: mistakes in mount, role, policy, path (facts: vault 2, 8).
import { json, type Reply } from '../../sandbox/service.ts';
import type { JwtConfig, JwtMount, JwtRole, VaultServer } from '../../sandbox/vault/trust.ts';
import { both, obey, paste, quiet, setInput } from '../follow.ts';
import type { Row } from '../row.ts';
import { INPUTS, type Scene, scene } from '../scene.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const MAIN = 'repo:octo-org/octo-repo:ref:refs/heads/main';
const SECONDS = Math.floor(Date.now() / 1000);

const right = scene(INPUTS.vault);

function server(change: (server: VaultServer) => Partial<VaultServer>, base: Scene = right): Scene {
  const servers = base.trust.vault.servers.map((one) => ({ ...one, ...change(one) }));
  return { ...base, trust: { ...base.trust, vault: { servers } } };
}
function mount(change: Partial<JwtMount>, base: Scene = right): Scene {
  return server(({ auth }) => ({ auth: { ...auth, jwt: { ...(auth.jwt as JwtMount), ...change } } }), base);
}
function config(change: Partial<JwtConfig>, base: Scene = right): Scene {
  return mount({ config: { oidc_discovery_url: ISSUER, bound_issuer: ISSUER, ...change } }, base);
}
/** The default role with some of its fields; `undefined` takes one out. */
function role(change: { readonly [K in keyof JwtRole]?: JwtRole[K] | undefined }, base: Scene = right): Scene {
  const usual = base.trust.vault.servers[0]?.auth.jwt?.roles.ci as JwtRole;
  const fields = Object.entries({ ...usual, ...change }).filter(([, value]) => value !== undefined);
  return mount({ roles: { ci: Object.fromEntries(fields) as unknown as JwtRole } }, base);
}
function policies(ci: string, base: Scene = right): Scene {
  return server(() => ({ policies: { ci } }), base);
}
function job(change: Partial<Scene['job']>, base: Scene = right): Scene {
  return { ...base, job: { ...base.job, ...change } };
}
function input(name: string, value: string, base: Scene = right): Scene {
  return setInput(base, name, value);
}
function reads(lines: string, base: Scene = right): Scene {
  return input('vault-secrets', lines, base);
}
function says(operation: string, answer: Reply): Scene {
  return { ...right, recorded: [{ service: 'vault', operation, answer }] };
}
const errors = (status: number, ...texts: readonly string[]) => json(status, { errors: texts });
const asItWas = (at: Scene): Scene => ({ ...at, trust: right.trust, recorded: [] });
const rightly = (at: Scene, named = '') => setInput(at, named, INPUTS.vault[named as keyof typeof INPUTS.vault] ?? '');
const LOGIN = 'auth/jwt/login';

const claims = { id: 'vault/claims-refused', played: 'trust document', fix: paste } as const;

export const ROWS: readonly Row[] = [
  {
    mistake: 'The mount was never configured',
    source: 'vault 2.1',
    played: 'trust document',
    scene: mountWithoutConfig(),
    id: 'vault/mount-unconfigured',
    cause: /has not been configured/,
    fix: paste,
  },
  {
    mistake: 'No vault-role, and the mount has no default one',
    source: 'vault 2.1',
    played: 'inputs',
    scene: input('vault-role', ''),
    id: 'vault/role-missing',
    cause: /No role was named/,
    fix: obey(/Set (vault-role)/, (at, name) => rightly(at, name)),
  },
  {
    mistake: 'No such role',
    source: 'vault 2.1',
    played: 'inputs',
    scene: input('vault-role', 'cicd'),
    id: 'vault/role-missing',
    cause: /no role cicd at auth\/jwt/,
    fix: obey(/Check (vault-role)/, (at, name) => rightly(at, name)),
  },
  {
    mistake: 'role_type was left out, and became oidc',
    source: 'vault 2.1',
    played: 'trust document',
    scene: role({ role_type: 'oidc' }),
    id: 'vault/role-type',
    cause: /role_type oidc/,
    fix: paste,
  },
  {
    mistake: 'token_bound_cidrs do not hold the runner',
    source: 'vault 2.1',
    played: 'trust document',
    scene: role({ token_bound_cidrs: ['10.0.0.0/8'] }),
    id: 'vault/mount-or-namespace',
    cause: /token_bound_cidrs/,
    fix: obey(/token_bound_cidrs/, asItWas),
  },
  {
    mistake: 'No JWT method is mounted at this path (#507)',
    source: 'vault 2.1',
    played: 'inputs',
    scene: input('vault-auth-path', 'github'),
    id: 'vault/mount-or-namespace',
    cause: /No JWT auth method is mounted at github/,
    fix: obey(/set (vault-auth-path)/, (at, name) => setInput(at, name ?? '', 'jwt')),
  },
  {
    mistake: 'The mount is in a namespace',
    source: 'vault 2.1',
    played: 'trust document',
    scene: inNamespace(),
    id: 'vault/mount-or-namespace',
    cause: /The mount is in a namespace/,
    fix: obey(/set (vault-namespace)/, (at, name) => setInput(at, name ?? '', 'team')),
  },
  {
    mistake: 'The login is in the parent, the secrets in the child namespace (#559)',
    source: 'vault 5',
    played: 'inputs',
    scene: input('vault-namespace', 'team', childSecrets()),
    id: 'vault/mount-or-namespace',
    cause: /in another namespace than team/,
    fix: obey(/set (vault-auth-namespace) to it \((root)/, (at, name, value) => setInput(at, name ?? '', value ?? '')),
  },
  {
    mistake: 'HCP Vault without a namespace',
    source: 'vault 8.5',
    played: 'trust document',
    scene: hcp(),
    id: 'vault/mount-or-namespace',
    cause: /HCP Vault has no root namespace/,
    fix: obey(/set (vault-namespace) to (admin)/, (at, name, value) => setInput(at, name ?? '', value ?? '')),
  },
  {
    mistake: 'No such namespace (OpenBao)',
    source: 'vault corrections',
    played: 'recorded answer',
    scene: {
      ...says(LOGIN, errors(404, 'namespace not found')),
      inputs: { ...INPUTS.vault, 'vault-namespace': 'tema' },
    },
    id: 'vault/namespace-missing',
    cause: /no namespace tema/,
    fix: obey(/Check (vault-namespace)/, (at, name) => quiet(setInput(at, name ?? '', ''))),
  },
  {
    mistake: 'Vault cannot reach the issuer',
    source: 'vault 2.1',
    played: 'trust document',
    scene: config({ oidc_discovery_url: 'https://github.example.com/_services/token' }),
    id: 'vault/keys-unreachable',
    cause: /could not get the keys of the issuer/,
    fix: obey(/shows where it looks/, asItWas),
  },
  {
    mistake: 'jwks_url leads nowhere (vault#27343)',
    source: 'vault 2.1',
    played: 'trust document',
    scene: mount({ config: { jwks_url: 'https://github.example.com/jwks', bound_issuer: ISSUER } }),
    id: 'vault/keys-unreachable',
    cause: /could not get the keys/,
    fix: obey(/shows where it looks/, asItWas),
  },
  {
    mistake: 'The keys in the configuration are not GitHub’s',
    source: 'vault 2.1',
    played: 'recorded answer',
    scene: says(
      LOGIN,
      errors(
        400,
        'error validating token: error verifying token signature: no known key successfully validated the token signature',
      ),
    ),
    id: 'vault/signature',
    cause: /No key that auth\/jwt trusts/,
    fix: obey(/Replace keys that were written into it/, quiet),
  },
  {
    mistake: 'The mount takes other algorithms',
    source: 'vault 2.1',
    played: 'trust document',
    scene: config({ jwt_supported_algs: ['ES256'] }),
    id: 'vault/algorithm',
    cause: /jwt_supported_algs/,
    fix: obey(/jwt_supported_algs/, asItWas),
  },
  {
    mistake: 'The mount is bound to another issuer',
    source: 'vault 2.1',
    played: 'trust document',
    scene: config({ bound_issuer: `${ISSUER}/octo` }),
    id: 'vault/issuer-refused',
    cause: /bound to another issuer/,
    fix: obey(/Set bound_issuer.* to (https:\S+):/, (at, issuer) => config({ bound_issuer: issuer ?? '' }, at)),
  },
  {
    mistake: 'bound_subject is another',
    source: 'vault 2.1',
    played: 'trust document',
    scene: role({ bound_subject: MAIN.replace('main', 'release') }),
    id: 'vault/subject-refused',
    cause: /bound_subject of the role ci is not/,
    fix: paste,
  },
  {
    mistake: 'bound_subject in the classic form, the token in the immutable one',
    source: 'vault 8.2',
    played: 'trust document',
    scene: job({ immutableSubject: true }, role({ bound_subject: MAIN })),
    id: 'vault/subject-refused',
    cause: /immutable form/,
    fix: paste,
  },
  {
    mistake: 'bound_subject of an earlier version of the role has stayed (auth-jwt#305)',
    source: 'vault 5',
    played: 'trust document',
    scene: role({ bound_subject: 'repo:octo-org/old:pull_request' }),
    id: 'vault/subject-refused',
    cause: /keeps what a role had/,
    fix: paste,
  },
  {
    mistake: 'bound_audiences do not hold the audience (#558)',
    source: 'vault 2.1',
    played: 'trust document',
    scene: role({ bound_audiences: ['https://github.com/octo-org'] }),
    id: 'vault/audience-refused',
    cause: /does not have https:\/\/vault\.example\.com among its bound_audiences/,
    fix: paste,
  },
  {
    mistake: 'The role has no bound_audiences (vault 1.16.3)',
    source: 'vault 2.1',
    played: 'trust document',
    scene: role({ bound_audiences: undefined }),
    id: 'vault/audience-refused',
    cause: /has no bound_audiences/,
    fix: paste,
  },
  {
    mistake: 'vault-audience is a cloud’s',
    source: 'github 1',
    played: 'inputs',
    scene: input('vault-audience', 'sts.amazonaws.com'),
    id: 'inputs/invalid',
    cause: /the audience of a cloud/,
    fix: obey(/(vault-audience): got/, (at, name) => setInput(at, name ?? '', '')),
  },
  {
    mistake: 'The server’s clock is behind',
    source: 'vault 2.1',
    played: 'token',
    scene: { ...right, claims: { iat: SECONDS + 3600, nbf: SECONDS + 3000, exp: SECONDS + 3900 } },
    id: 'vault/clock',
    cause: /not valid yet/,
    fix: obey(/Set the clock of the Vault server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'The server’s clock is ahead',
    source: 'vault 2.1',
    played: 'token',
    scene: { ...right, claims: { iat: SECONDS - 7200, nbf: SECONDS - 7800, exp: SECONDS - 6900 } },
    id: 'vault/token-expired',
    cause: /expired/,
    fix: obey(/Set the clock of the Vault server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'user_claim is one that the token lacks',
    source: 'vault 2.1',
    played: 'trust document',
    scene: role({ user_claim: 'email' }),
    id: 'vault/role-mapping',
    cause: /wants the claim email/,
    fix: paste,
  },
  {
    mistake: 'A claim mapping of something that is no text',
    source: 'vault 2.1',
    played: 'trust document',
    scene: role({ claim_mappings: { exp: 'ends' } }),
    id: 'vault/role-mapping',
    cause: /wants the claim exp/,
    fix: obey(/Set user_claim \(or claim_mappings\)/, asItWas),
  },
  {
    ...claims,
    mistake: 'The role asks for an environment, the job names none',
    source: 'vault 2.1',
    scene: role({ bound_claims: { repository: 'octo-org/octo-repo', environment: 'production' } }),
    cause: /asks for the claim environment, which this token does not have/,
    fix: obey(/Give the job the `environment:` that the role names/, (at) => job({ environment: 'production' }, at)),
  },
  {
    ...claims,
    mistake: 'The role asks for another branch',
    source: 'vault 2.1',
    scene: role({ bound_claims: { ref: 'refs/heads/release' } }),
    cause: /The claim ref of this token/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'The job runs for a pull request, the role is for a branch',
    source: 'vault 2.1',
    scene: { ...right, event: pullRequest() },
    cause: /The claim ref of this token/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'The repository in other upper and lower case',
    source: 'vault 2.1',
    scene: role({ bound_claims: { repository: 'Octo-Org/octo-repo' } }),
    cause: /upper and lower case/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'The repository was renamed',
    source: 'vault 8.2',
    scene: job({ repository: 'renamed' }),
    cause: /follows a renaming/,
    fix: obey(/here repository is (\S+)/, (at, name) => role({ bound_claims: { repository: name ?? '' } }, at)),
  },
  {
    ...claims,
    mistake: 'An id as a number',
    source: 'vault 8.1',
    scene: role({ bound_claims: { repository_id: 1296269 } }),
    cause: /ids in the role as texts/,
    fix: paste,
  },
  {
    ...claims,
    mistake: 'A glob, but bound_claims_type is not glob',
    source: 'vault 8.1',
    scene: role({ bound_claims: { ref: 'refs/heads/*' } }),
    cause: /bound_claims_type/,
    fix: obey(/bound_claims_type=(glob)/, (at) =>
      role({ bound_claims: { ref: 'refs/heads/*' }, bound_claims_type: 'glob' }, at),
    ),
  },
  {
    ...claims,
    mistake: 'A bound sub in the classic form, the token in the immutable one',
    source: 'vault 8.2',
    scene: job({ immutableSubject: true }, role({ bound_claims: { sub: MAIN } })),
    cause: /immutable form/,
    fix: obey(/here sub is (\S+)/, (at, sub) => role({ bound_claims: { sub: sub ?? '' } }, at)),
  },
  {
    ...claims,
    mistake: 'job_workflow_ref at another ref',
    source: 'vault 8.1',
    scene: job(
      { jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/main' },
      role({ bound_claims: { job_workflow_ref: 'platform/workflows/.github/workflows/deploy.yml@refs/tags/v2' } }),
    ),
    cause: /Compare the part behind @/,
    fix: obey(/here job_workflow_ref is (\S+)/, (at, ref) =>
      role({ bound_claims: { job_workflow_ref: ref ?? '' } }, at),
    ),
  },
  {
    mistake: 'The policy does not let the token read the path',
    source: 'vault 2.2',
    played: 'trust document',
    scene: policies('path "kv1/*" { capabilities = ["read"] }'),
    id: 'vault/read-refused',
    cause: /policies lack it/,
    fix: obey(/Add to the policies of the role ci: (path .*)$/, (at, line) => policies(line ?? '', at)),
  },
  {
    mistake: 'The policy has the path without data/',
    source: 'vault 2.2',
    played: 'trust document',
    scene: policies('path "secret/app" { capabilities = ["read"] }'),
    id: 'vault/read-refused',
    cause: /policies lack it/,
    fix: obey(/Add to the policies of the role ci: (path .*)$/, (at, line) => policies(line ?? '', at)),
  },
  {
    mistake: 'data/ is missing in the path, and the policy does not cover it',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('secret/app password | P', policies('path "secret/metadata/*" { capabilities = ["read"] }')),
    id: 'vault/read-refused',
    cause: /data\/ behind the mount/,
    fix: both(
      obey(/have data\/ behind the mount/, (at) => reads('secret/data/app password | P', at)),
      (_, at) => policies('path "secret/data/app" { capabilities = ["read"] }', at),
    ),
  },
  {
    mistake: 'Nothing is mounted there',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('secrets/data/app password | P'),
    id: 'vault/read-refused',
    cause: /Nothing is mounted at secrets/,
    fix: obey(/Nothing is mounted at secrets/, (at) => rightly(at, 'vault-secrets')),
  },
  {
    mistake: 'No secret at the path',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('secret/data/appp password | P'),
    id: 'vault/not-found',
    cause: /no secret at secret\/data\/appp/,
    fix: obey(/Check the path in (vault-secrets)/, rightly),
  },
  {
    mistake: 'The version was deleted',
    source: 'vault 1.4',
    played: 'trust document',
    scene: reads(
      'secret/data/app?version=1 password | P',
      server(({ secrets }) => ({
        secrets: {
          ...secrets,
          secret: {
            type: 'kv',
            version: 2,
            secrets: {
              app: [
                { data: { password: 'a-first-password' }, deleted: true },
                { data: { password: 'a-second-password' } },
              ],
            },
          },
        },
      })),
    ),
    id: 'vault/not-found',
    cause: /in version 1, or it has been deleted/,
    fix: obey(/Check (\?version=)/, (at) => reads('secret/data/app password | P', at)),
  },
  {
    mistake: 'The secret has no such key',
    source: 'vault 4.2',
    played: 'inputs',
    scene: reads('secret/data/app passwort | P'),
    id: 'vault/key-missing',
    cause: /passwort/,
    fix: obey(/password/, rightlyRead),
  },
  {
    mistake: 'The engine has no such role',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('database/creds/readolny username | U'),
    id: 'vault/engine-role-missing',
    cause: /has no role for database\/creds\/readolny/,
    fix: obey(/Check the last part of the path/, (at) => reads('database/creds/readonly username | U', at)),
  },
  {
    mistake: 'The database behind the engine is down',
    source: 'vault 2.2',
    played: 'trust document',
    scene: reads(
      'database/creds/readonly username | U',
      server(({ secrets }) => ({
        secrets: { ...secrets, database: { type: 'database', up: false, roles: { readonly: {} } } },
      })),
    ),
    id: 'vault/engine-failed',
    cause: /The engine at database\/creds\/readonly failed/,
    fix: obey(/Its configuration in the engine/, asItWas),
  },
  {
    mistake: 'token_num_uses is used up by the reads',
    source: 'vault 3.1',
    played: 'trust document',
    scene: reads(
      'secret/data/app password | P; kv1/app password | Q; database/creds/readonly username | U',
      role({ token_num_uses: 1 }),
    ),
    id: 'vault/token-refused',
    cause: /token_num_uses/,
    fix: obey(/token_num_uses of the role, or set it to (0)/, (at) => role({ token_num_uses: 0 }, at)),
  },
  {
    mistake: 'A leased credential with the token’s last use',
    source: 'vault 2.2',
    played: 'trust document',
    scene: reads('database/creds/readonly username | U', role({ token_num_uses: 1 })),
    id: 'vault/token-uses',
    cause: /used up before database\/creds\/readonly/,
    fix: obey(/token_num_uses of the role, or set it to (0)/, (at) => role({ token_num_uses: 0 }, at)),
  },
  {
    mistake: 'An engine that is written to, not read',
    source: 'vault 2.2',
    played: 'trust document',
    scene: reads(
      'transit/encrypt/app ciphertext | C',
      server(({ secrets }) => ({
        secrets: { ...secrets, transit: { type: 'transit', keys: { app: 'aes256-gcm96' } } },
        policies: { ci: 'path "transit/*" { capabilities = ["read", "update"] }' },
      })),
    ),
    id: 'vault/unsupported',
    cause: /not read, but written to/,
    fix: 'Another way of writing the line comes with writes',
  },
  {
    mistake: 'A rate limit',
    source: 'vault 2.2',
    played: 'recorded answer',
    scene: says(LOGIN, errors(429, 'request path "auth/jwt/login": rate limit quota exceeded')),
    id: 'vault/throttled',
    cause: /quota of Vault/,
    fix: obey(/Start fewer jobs/, quiet),
  },
  {
    mistake: 'The lease count quota',
    source: 'vault 2.2',
    played: 'recorded answer',
    scene: says('read', errors(429, 'request path "database/creds/readonly": lease count quota exceeded')),
    id: 'vault/throttled',
    cause: /quota of Vault/,
    fix: obey(/lease count quota raised/, quiet),
  },
  {
    mistake: 'Vault is sealed',
    source: 'vault 2.1',
    played: 'trust document',
    scene: server(() => ({ sealed: true })),
    id: 'vault/sealed',
    cause: /sealed/,
    fix: obey(/Have the server unsealed/, asItWas),
  },
  {
    mistake: 'An administrator has locked the namespace',
    source: 'vault 2.2',
    played: 'trust document',
    scene: server(() => ({ locked: true })),
    id: 'vault/namespace-locked',
    cause: /locked this namespace/,
    fix: obey(/Ask who locked it/, asItWas),
  },
  {
    mistake: 'A performance standby that does not catch up',
    source: 'vault 2.2',
    played: 'recorded answer',
    scene: says('read', errors(412, 'required index state not present')),
    id: 'vault/behind',
    cause: /standby/,
    fix: obey(/[Rr]un the job again/, quiet),
  },
  {
    mistake: 'Something else answers at vault-url',
    source: 'vault 2',
    played: 'recorded answer',
    scene: says(LOGIN, { status: 200, body: '<html><body>Sign in</body></html>' }),
    id: 'vault/bad-answer',
    cause: /something that is not a Vault login/,
    fix: obey(/Check vault-url/, quiet),
  },
  {
    mistake: 'The mount asks for MFA at the login',
    source: 'vault 1.2',
    played: 'recorded answer',
    scene: says(
      LOGIN,
      json(200, {
        auth: { client_token: '', mfa_requirement: { mfa_request_id: 'd0c9eec7-6921-8cc0-be62-202b289ef163' } },
      }),
    ),
    id: 'vault/login-mfa',
    cause: /MFA/,
    fix: obey(/MFA/, quiet),
  },
  {
    mistake: 'The login comes wrapped',
    source: 'vault 1.2',
    played: 'recorded answer',
    scene: says(LOGIN, json(200, { auth: null, wrap_info: { token: 'hvs.wrapped-token-0123456789', ttl: 60 } })),
    id: 'vault/login-wrapped',
    cause: /wrapped/,
    fix: obey(/wrap/, quiet),
  },
];

function rightlyRead(at: Scene): Scene {
  return rightly(at, 'vault-secrets');
}
function mountWithoutConfig(): Scene {
  return server(({ auth }) => {
    const { config: _, ...rest } = auth.jwt as JwtMount;
    return { auth: { jwt: rest } };
  });
}
function inNamespace(): Scene {
  return server(({ auth, secrets, policies: own }) => ({
    auth: {},
    secrets: {},
    policies: {},
    namespaces: { team: { auth, secrets, policies: own } },
  }));
}
function childSecrets(): Scene {
  return server(({ secrets }) => ({
    secrets: {},
    namespaces: { team: { auth: {}, secrets, policies: {} } },
    policies: { ci: 'path "team/secret/data/*" { capabilities = ["read"] }' },
  }));
}
function hcp(): Scene {
  const origin = 'https://octo.vault.11111111-1111-4111-8111-111111111111.aws.hashicorp.cloud:8200';
  const at = server(({ auth, secrets, policies: own }) => ({
    origin,
    auth: {},
    secrets: {},
    policies: {},
    namespaces: { admin: { auth, secrets, policies: own } },
  }));
  return { ...at, inputs: { ...INPUTS.vault, 'vault-url': origin, 'vault-audience': 'https://vault.example.com' } };
}
function pullRequest(): Scene['event'] {
  const repo = { full_name: 'octo-org/octo-repo' };
  return {
    name: 'pull_request',
    payload: { pull_request: { number: 7, head: { ref: 'x', repo }, base: { ref: 'main', repo } } },
  };
}
