// Google Cloud: mistakes in pool, provider, mapping, condition, binding, account (facts: gcp 2, 8.1).
import { apiRefusal, invalidArgument } from '../../sandbox/gcp/refusal.ts';
import type { Pool, Project, Provider, ServiceAccount } from '../../sandbox/gcp/trust.ts';
import { obey, paste, quiet, setInput } from '../follow.ts';
import type { Row } from '../row.ts';
import { INPUTS, type Scene, scene } from '../scene.ts';

const GHES = 'https://github.example.com/_services/token';
const POOL = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github';
const USER = 'roles/iam.workloadIdentityUser';
const SECONDS = Math.floor(Date.now() / 1000);
const NAME = INPUTS.gcp['gcp-workload-identity-provider'];

const right = scene(INPUTS.gcp);

function project(change: (project: Project) => Partial<Project>, base: Scene = right): Scene {
  const projects = base.trust.gcp.projects.map((one) => ({ ...one, ...change(one) }));
  return { ...base, trust: { ...base.trust, gcp: { projects } } };
}
function pool(change: (pool: Pool) => Partial<Pool>, base: Scene = right): Scene {
  return project(({ pools }) => ({ pools: pools.map((one) => ({ ...one, ...change(one) })) }), base);
}
function provider(change: Partial<Provider>, base: Scene = right): Scene {
  return pool(({ providers }) => ({ providers: providers.map((one) => ({ ...one, ...change })) }), base);
}
function account(change: Partial<ServiceAccount>, base: Scene = right): Scene {
  return project(
    ({ serviceAccounts }) => ({ serviceAccounts: serviceAccounts.map((one) => ({ ...one, ...change })) }),
    base,
  );
}
function bound(member: string, base: Scene = right, role = USER): Scene {
  return account({ bindings: [{ role, members: [member] }] }, base);
}
function condition(attributeCondition: string, base: Scene = right): Scene {
  return provider({ attributeCondition }, base);
}
function job(change: Partial<Scene['job']>, base: Scene = right): Scene {
  return { ...base, job: { ...base.job, ...change } };
}
function input(name: string, value: string): Scene {
  return setInput(right, name, value);
}
const rightly =
  (name: string) =>
  (at: Scene, named = '') =>
    setInput(at, named, INPUTS.gcp[name as keyof typeof INPUTS.gcp]);
const asItWas = (at: Scene): Scene => ({ ...at, trust: right.trust, recorded: [] });

const untrue = { id: 'gcp/condition-false', played: 'trust document', fix: paste } as const;
const denied = { id: 'gcp/impersonation-denied', played: 'trust document', fix: paste } as const;
const missing = { id: 'gcp/provider-not-found', played: 'trust document', cause: /finds no active provider/ } as const;

export const ROWS: readonly Row[] = [
  {
    mistake: 'The pool in the place of the provider (auth#60)',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace(/\/providers.*/, '')),
    id: 'inputs/invalid',
    cause: /full name of a provider/,
    fix: obey(/(gcp-workload-identity-provider): got/, rightly('gcp-workload-identity-provider')),
  },
  {
    mistake: 'The project’s id in the place of its number',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace('123456789012', 'octo-project')),
    id: 'inputs/invalid',
    cause: /number, not its id/,
    fix: obey(/(gcp-workload-identity-provider): got/, rightly('gcp-workload-identity-provider')),
  },
  {
    mistake: 'An expression that was not expanded (auth#211)',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', `$${'{ secrets.WIF_PROVIDER }'}`),
    id: 'inputs/invalid',
    cause: /full name of a provider/,
    fix: obey(/(gcp-workload-identity-provider): got/, rightly('gcp-workload-identity-provider')),
  },
  {
    ...missing,
    mistake: 'Another provider’s id',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace('octo-org', 'octo-orgs')),
    fix: obey(/Check (gcp-workload-identity-provider)/, rightly('gcp-workload-identity-provider')),
  },
  {
    ...missing,
    mistake: 'Another project’s number',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-workload-identity-provider', NAME.replace('123456789012', '210987654321')),
    fix: obey(
      /Check (gcp-workload-identity-provider): the project's number/,
      rightly('gcp-workload-identity-provider'),
    ),
  },
  {
    ...missing,
    mistake: 'The provider is disabled',
    source: 'gcp 2',
    scene: provider({ disabled: true }),
    cause: /[Ww]here it is disabled/,
    fix: paste,
  },
  {
    ...missing,
    mistake: 'The pool is disabled',
    source: 'gcp 2',
    scene: pool(() => ({ disabled: true })),
    cause: /disabled, or in a pool that is/,
    fix: paste,
  },
  {
    ...missing,
    mistake: 'The provider was deleted',
    source: 'gcp 2',
    scene: pool(() => ({ providers: [] })),
    cause: /may be deleted/,
    fix: obey(/providers undelete (projects\/\S+)`/, asItWas),
  },
  {
    ...missing,
    mistake: 'The provider was made seconds ago',
    source: 'gcp 2',
    scene: pool(() => ({ providers: [] })),
    cause: /set up just now/,
    fix: obey(/Run the job again/, asItWas),
  },
  {
    ...untrue,
    mistake: 'The condition has the owner in other letters',
    source: 'gcp 2',
    scene: condition("assertion.repository_owner == 'Octo-Org'"),
    cause: /upper and lower case/,
  },
  {
    ...untrue,
    mistake: 'The condition is for another repository',
    source: 'gcp 2',
    scene: condition("assertion.repository == 'octo-org/other'"),
    cause: /another repository or owner/,
  },
  {
    ...untrue,
    mistake: 'The condition has another id',
    source: 'gcp 2',
    scene: condition("assertion.repository_id == '1'"),
    cause: /another repository or owner/,
  },
  {
    ...untrue,
    mistake: 'The condition compares an id as a number',
    source: 'gcp 2',
    scene: condition('assertion.repository_owner_id == 583231'),
    cause: /id as a number/,
  },
  {
    ...untrue,
    mistake: 'The condition is for a branch, the job runs for a pull request',
    source: 'gcp 8.1',
    scene: { ...condition("assertion.ref == 'refs/heads/main'"), event: pullRequest() },
    cause: /for a pull request assertion\.ref is/,
  },
  {
    ...untrue,
    mistake: 'The condition is for another branch',
    source: 'gcp 8.1',
    scene: condition("assertion.ref == 'refs/heads/release'"),
    cause: /another branch or tag/,
  },
  {
    ...untrue,
    mistake: 'The condition asks for an environment, the job names none',
    source: 'gcp 8.1',
    scene: condition("assertion.environment == 'production'"),
    cause: /assertion\.environment, which/,
  },
  {
    ...untrue,
    mistake: 'The condition asks for another environment',
    source: 'gcp 8.1',
    scene: job({ environment: 'staging' }, condition("assertion.environment == 'production'")),
    cause: /assertion\.environment, which is staging/,
  },
  {
    ...untrue,
    mistake: 'The condition is on a subject in the classic form',
    source: 'gcp 8.1',
    scene: job({ immutableSubject: true }, condition("assertion.sub.startsWith('repo:octo-org/octo-repo:')")),
    cause: /old form|classic form/,
  },
  {
    ...untrue,
    mistake: 'The condition pins another reusable workflow',
    source: 'gcp 8.1',
    scene: job(
      { jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/main' },
      condition("assertion.job_workflow_ref == 'platform/workflows/.github/workflows/deploy.yml@refs/tags/v2'"),
    ),
    cause: /job_workflow_ref/,
  },
  {
    ...untrue,
    mistake: 'The condition does not let the event in',
    source: 'gcp 8.1',
    scene: { ...condition("assertion.event_name == 'push'"), event: { name: 'workflow_dispatch', payload: {} } },
    cause: /event_name/,
  },
  {
    mistake: 'The subject is longer than 127 bytes (auth#124)',
    source: 'gcp 2',
    played: 'trust document',
    scene: job({
      environment:
        'a-very-long-name-of-an-environment-that-somebody-chose-with-care-and-that-alone-takes-most-of-what-google-takes-for-all',
    }),
    id: 'gcp/subject-too-long',
    cause: /longer than Google's 127 bytes/,
    fix: paste,
  },
  {
    mistake: 'The mapping names a claim that the token lacks',
    source: 'gcp 8.1',
    played: 'trust document',
    scene: provider({
      attributeMapping: { 'google.subject': 'assertion.sub', 'attribute.environment': 'assertion.environment' },
    }),
    id: 'gcp/mapping-failed',
    cause: /a claim in it that this token lacks/,
    fix: paste,
  },
  {
    mistake: 'The provider was made for another issuer (GHES)',
    source: 'gcp 2',
    played: 'trust document',
    scene: provider({ issuer: GHES }),
    id: 'gcp/issuer-refused',
    cause: /made for another issuer/,
    fix: paste,
  },
  {
    mistake: 'The provider allows other audiences',
    source: 'gcp 2',
    played: 'trust document',
    scene: provider({ allowedAudiences: ['https://github.com/octo-org'] }),
    id: 'gcp/audience-refused',
    cause: /does not allow the audience/,
    fix: paste,
  },
  {
    mistake: 'gcp-audience is set, the provider has the default',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-audience', 'octo'),
    id: 'gcp/audience-refused',
    cause: /does not allow the audience octo/,
    fix: obey(/Leave (gcp-audience) out/, (at, name) => setInput(at, name ?? '', '')),
  },
  {
    mistake: 'The token is too old (clock of the GHES server)',
    source: 'gcp 2',
    played: 'token',
    scene: { ...right, claims: { iat: SECONDS - 7200, nbf: SECONDS - 7800, exp: SECONDS - 6900 } },
    id: 'gcp/stale',
    cause: /outside its time/,
    fix: obey(/check the clock of the server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'Google cannot reach the issuer (GHES)',
    source: 'gcp 2',
    played: 'trust document',
    scene: { ...provider({ issuer: GHES }), claims: { iss: GHES } },
    id: 'gcp/keys-unreachable',
    cause: /could not get the keys of the issuer/,
    fix: 'Whoever runs the server must make it public, or upload its keys',
  },
  {
    ...denied,
    mistake: 'The account has no binding for the job (auth#340)',
    source: 'gcp 2',
    scene: account({ bindings: [] }),
    cause: /[Nn]either the account nor its project has a binding/,
  },
  {
    ...denied,
    mistake: 'The binding is for an attribute that is not mapped',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL}/attribute.repository_owner/octo-org`),
    cause: /does not map/,
  },
  {
    ...denied,
    mistake: 'The binding names two attributes (auth#233)',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL}/attribute.repository/octo-org/octo-repo/attribute.ref/refs/heads/main`),
    cause: /one attribute only/,
  },
  {
    ...denied,
    mistake: 'The binding names another repository',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL}/attribute.repository/octo-org/other`),
    cause: /another value/,
  },
  {
    ...denied,
    mistake: 'The binding names the project by its id',
    source: 'gcp 8.1',
    scene: bound(`principalSet://${POOL.replace('123456789012', 'octo-project')}/attribute.repository_id/1296269`),
    cause: /names the project by its id/,
  },
  {
    ...denied,
    mistake: 'The binding is for another pool',
    source: 'gcp 2',
    scene: bound(`principalSet://${POOL.replace(/github$/, 'gitlab')}/attribute.repository_id/1296269`),
    cause: /for another pool/,
  },
  {
    ...denied,
    mistake: 'The binding is for the subject in the classic form',
    source: 'gcp 8.1',
    scene: job(
      { immutableSubject: true },
      bound(`principal://${POOL}/subject/repo:octo-org/octo-repo:ref:refs/heads/main`),
    ),
    cause: /old form|classic form/,
  },
  {
    ...denied,
    mistake: 'The binding has another role (serviceAccountUser)',
    source: 'gcp 2',
    scene: bound(`principalSet://${POOL}/attribute.repository_id/1296269`, right, 'roles/iam.serviceAccountUser'),
    cause: /serviceAccountUser/,
  },
  {
    ...denied,
    mistake: 'The binding is seconds old',
    source: 'gcp 2',
    scene: account({ bindings: [] }),
    cause: /set up just now/,
    fix: obey(/Run the job again/, asItWas),
  },
  {
    ...denied,
    mistake: 'There is no such account, and Google does not say so',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...input('gcp-service-account', 'deplyo@octo-project.iam.gserviceaccount.com'),
      recorded: [
        {
          service: 'gcp',
          operation: 'generateAccessToken',
          answer: apiRefusal({
            code: 403,
            status: 'PERMISSION_DENIED',
            message: "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
          }),
        },
      ],
    },
    cause: /no service account deplyo/,
    fix: obey(/Check (gcp-service-account)/, (at, name) => rightly('gcp-service-account')(quiet(at), name)),
  },
  {
    mistake: 'The account’s address is wrong',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-service-account', 'deplyo@octo-project.iam.gserviceaccount.com'),
    id: 'gcp/account-not-found',
    cause: /knows no service account deplyo/,
    fix: obey(/Check (gcp-service-account)/, rightly('gcp-service-account')),
  },
  {
    mistake: 'The account is disabled',
    source: 'gcp 3',
    played: 'trust document',
    scene: account({ disabled: true }),
    id: 'gcp/account-disabled',
    cause: /is disabled/,
    fix: paste,
  },
  {
    mistake: 'The IAM Service Account Credentials API is off',
    source: 'gcp 2',
    played: 'trust document',
    scene: project(() => ({ disabledServices: ['iamcredentials.googleapis.com'] })),
    id: 'gcp/api-disabled',
    cause: /API is off in the project/,
    fix: paste,
  },
  {
    mistake: 'A token of more than an hour',
    source: 'gcp 2',
    played: 'inputs',
    scene: setInput(input('gcp-token-lifetime', '2h'), 'lifetime', '2h'),
    id: 'gcp/lifetime-refused',
    cause: /no access token of \S+ for 2h/,
    fix: obey(/Set (gcp-token-lifetime) to (1h)/, (at, name, value) => setInput(at, name ?? '', value ?? '')),
  },
  {
    mistake: 'A scope that Google does not know',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...input('gcp-scopes', 'https://www.googleapis.com/auth/nothing'),
      recorded: [{ service: 'gcp', operation: 'generateAccessToken', answer: invalidArgument() }],
    },
    id: 'gcp/request-refused',
    cause: /scopes/,
    fix: obey(/Check (gcp-scopes)/, (at, name) =>
      quiet(setInput(at, name ?? '', 'https://www.googleapis.com/auth/cloud-platform')),
    ),
  },
  {
    mistake: 'A policy of the organisation forbids it',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'gcp',
          operation: 'generateAccessToken',
          answer: apiRefusal({
            code: 400,
            status: 'FAILED_PRECONDITION',
            message: "Org Policy violated for value: 'octo-org'. constraints/iam.workloadIdentityPoolProviders",
          }),
        },
      ],
    },
    id: 'gcp/org-policy',
    cause: /policy of the organisation/,
    fix: obey(/Ask an administrator of the organisation/, quiet),
  },
  {
    mistake: 'The pool was disabled a moment after the exchange',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'gcp',
          operation: 'generateAccessToken',
          answer: apiRefusal({
            code: 401,
            status: 'UNAUTHENTICATED',
            message:
              'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
          }),
        },
      ],
    },
    id: 'gcp/federated-token-refused',
    cause: /did not accept the federated token/,
    fix: obey(/Run the job again/, quiet),
  },
  {
    mistake: 'Direct federation with a subject that is too long',
    source: 'gcp 2',
    played: 'trust document',
    scene: longDirect(),
    id: 'gcp/subject-too-long',
    cause: /longer than Google's 127 bytes/,
    fix: ({ log }, at) => ({ ...at, trust: { ...at.trust, gcp: onlyProvider(log, at) } }),
  },
  {
    mistake: 'Keys that were uploaded to the provider have grown old',
    source: 'gcp 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'gcp',
          operation: 'token',
          answer: {
            status: 400,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              error: 'invalid_grant',
              error_description: 'Unable to verify the ID Token signature.',
            }),
          },
        },
      ],
    },
    id: 'gcp/token-refused',
    cause: /its form or its signature/,
    fix: obey(/keys that were uploaded to it grow old/, quiet),
  },
];

function longDirect(): Scene {
  const { 'gcp-service-account': _, ...inputs } = INPUTS.gcp;
  return { ...job({ environment: 'x'.repeat(120) }), inputs: { ...inputs, 'gcp-project-id': 'octo-project' } };
}
function onlyProvider(log: readonly string[], at: Scene) {
  // The binding needs a role that only the user knows; the provider is what was refused.
  return paste({ log: log.filter((line) => !line.includes('--role=ROLE')) } as never, at).trust.gcp;
}

function pullRequest(): Scene['event'] {
  const repo = { full_name: 'octo-org/octo-repo' };
  return {
    name: 'pull_request',
    payload: { pull_request: { number: 7, head: { ref: 'x', repo }, base: { ref: 'main', repo } } },
  };
}
