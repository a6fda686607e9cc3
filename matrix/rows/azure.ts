// Azure: mistakes in the federated credential, the application, the tenant, the cloud (facts: azure 2, 8.2).
import type { ExactCredential, Tenant, WorkloadIdentity } from '../../sandbox/azure/trust.ts';
import { json } from '../../sandbox/service.ts';
import { obey, paste, quiet, setInput } from '../follow.ts';
import type { Row } from '../row.ts';
import { INPUTS, type Scene, scene } from '../scene.ts';

const MAIN = 'repo:octo-org/octo-repo:ref:refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';
const GHES = 'https://github.example.com/_services/token';
const SECONDS = Math.floor(Date.now() / 1000);

const right = scene(INPUTS.azure);

function tenant(change: Partial<Tenant>, base: Scene = right): Scene {
  const tenants = base.trust.azure.tenants.map((one) => ({ ...one, ...change }));
  return { ...base, trust: { ...base.trust, azure: { tenants } } };
}
function identity(change: Partial<WorkloadIdentity>, base: Scene = right): Scene {
  return tenant(
    { identities: base.trust.azure.tenants.flatMap((one) => one.identities).map((one) => ({ ...one, ...change })) },
    base,
  );
}
function credential(change: Partial<ExactCredential>, base: Scene = right): Scene {
  const usual: ExactCredential = {
    name: 'github',
    issuer: ISSUER,
    subject: MAIN,
    audiences: ['api://AzureADTokenExchange'],
  };
  return identity({ federatedCredentials: [{ ...usual, ...change }] }, base);
}
function job(change: Partial<Scene['job']>, base: Scene = right): Scene {
  return { ...base, job: { ...base.job, ...change } };
}
function input(name: string, value: string, base: Scene = right): Scene {
  return setInput(base, name, value);
}
/** Entra's answer as it was recorded; the numbers and texts are its own. */
function says(code: number, text: string, error = 'invalid_client', status = 401): Scene {
  const description = `AADSTS${code}: ${text} Trace ID: 5f2d1c1e-0000-4000-8000-000000000000 Correlation ID: 7b0c3f8a-0000-4000-8000-000000000000 Timestamp: 2026-11-20 10:00:00Z`;
  const answer = json(status, { error, error_description: description, error_codes: [code] });
  return { ...right, recorded: [{ service: 'azure', operation: 'token', answer }] };
}

const subject = { id: 'azure/subject-refused', played: 'trust document', fix: paste } as const;
const mended = (pattern: RegExp) => obey(pattern, quiet);

export const ROWS: readonly Row[] = [
  {
    ...subject,
    mistake: 'The credential has the classic subject, the token the immutable one (#617)',
    source: 'azure 8.2',
    scene: job({ immutableSubject: true }),
    cause: /immutable form/,
  },
  {
    ...subject,
    mistake: 'The credential has the immutable subject (the portal’s default), the token the classic one',
    source: 'azure 8.2',
    scene: credential({ subject: 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main' }),
    cause: /immutable form/,
  },
  {
    ...subject,
    mistake: 'The credential is for a branch, the job names an environment',
    source: 'azure 8.2',
    scene: job({ environment: 'production' }),
    cause: /names the environment production/,
  },
  {
    ...subject,
    mistake: 'The credential is for an environment, the job names none',
    source: 'azure 8.2',
    scene: credential({ subject: 'repo:octo-org/octo-repo:environment:production' }),
    cause: /names no environment/,
  },
  {
    ...subject,
    mistake: 'The credential is for another branch',
    source: 'azure 8.1',
    scene: credential({ subject: MAIN.replace('main', 'release') }),
    cause: /runs on the branch main/,
  },
  {
    ...subject,
    mistake: 'The credential is for a branch, the job runs for a tag',
    source: 'azure 8.1',
    scene: job({ ref: 'refs/tags/v1' }),
    cause: /runs for the tag v1/,
  },
  {
    ...subject,
    mistake: 'The credential is for a branch, the job runs for a pull request',
    source: 'azure 8.1',
    scene: { ...right, event: pullRequest() },
    cause: /runs for a pull request/,
  },
  {
    ...subject,
    mistake: 'A * in the subject (#467, #220)',
    source: 'azure 8.1',
    scene: credential({ subject: 'repo:octo-org/octo-repo:*' }),
    cause: /\* in .* is compared as a character/,
  },
  {
    ...subject,
    mistake: 'A colon in the environment’s name, written as it is',
    source: 'azure 8.1',
    scene: {
      ...credential({ subject: 'repo:octo-org/octo-repo:environment:eu:live' }),
      job: { ...right.job, environment: 'eu:live' },
    },
    cause: /%3A/,
    fix: obey(/as it stands: (\S+%3A\S+)/, (at, sub) => credential({ subject: sub ?? '' }, at)),
  },
  {
    ...subject,
    mistake: 'The credential is for the repository of the reusable workflow',
    source: 'azure 8.1',
    scene: job(
      { jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/v1' },
      credential({ subject: 'repo:platform/workflows:ref:refs/heads/main' }),
    ),
    cause: /reusable workflow of platform\/workflows/,
  },
  {
    ...subject,
    mistake: 'An organisation’s own subject template',
    source: 'azure 8.1',
    scene: job({ subjectKeys: ['repository_owner', 'runner_environment'] }),
    cause: /template/,
  },
  {
    ...subject,
    mistake: 'The credential was created seconds ago',
    source: 'azure 0',
    played: 'trust document',
    scene: credential({ subject: 'repo:octo-org/none:pull_request' }),
    cause: /credential is new/,
    fix: obey(/Run the job again/, (at) => credential({}, at)),
  },
  {
    mistake: 'Upper and lower case differ (#492, #497)',
    source: 'azure 8.2',
    played: 'trust document',
    scene: credential({ subject: MAIN.replace('octo-org', 'Octo-Org') }),
    id: 'azure/subject-case',
    cause: /not in the same upper and lower case/,
    fix: paste,
  },
  {
    mistake: 'A slash at the end of the issuer',
    source: 'azure 8.2',
    played: 'trust document',
    scene: credential({ issuer: `${ISSUER}/` }),
    id: 'azure/issuer-refused',
    cause: /without a slash at the end/,
    fix: paste,
  },
  {
    mistake: 'A blank before the issuer',
    source: 'azure 8.1',
    played: 'trust document',
    scene: credential({ issuer: ` ${ISSUER}` }),
    id: 'azure/issuer-refused',
    cause: /without blanks/,
    fix: paste,
  },
  {
    mistake: 'The credential has the public issuer, the enterprise its own',
    source: 'github 2.4',
    played: 'trust document',
    scene: { ...right, issuer: `${ISSUER}/octo` },
    id: 'azure/issuer-refused',
    cause: /enterprise or server has an issuer of its own/,
    fix: paste,
  },
  {
    mistake: 'The credential has another audience',
    source: 'azure 8.1',
    played: 'trust document',
    scene: credential({ audiences: ['https://github.com/octo-org'] }),
    id: 'azure/audience-refused',
    cause: /asks for another audience than api:\/\/AzureADTokenExchange/,
    fix: paste,
  },
  {
    mistake: 'A sovereign cloud with the public cloud’s audience',
    source: 'azure 8.2',
    played: 'trust document',
    scene: tenant({ cloud: 'usgovernment' }, input('azure-cloud', 'usgovernment')),
    id: 'azure/audience-refused',
    cause: /asks for another audience than api:\/\/AzureADTokenExchangeUSGov/,
    fix: paste,
  },
  {
    mistake: 'Any mismatch, in Entra’s older words',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      70021,
      `No matching federated identity record found for presented assertion. Assertion Issuer: '${ISSUER}'. Assertion Subject: '${MAIN}'. Assertion Audience: 'api://AzureADTokenExchange'.`,
    ),
    id: 'azure/trust-refused',
    cause: /has issuer, subject and audience of this token/,
    fix: ({ log }, at) => ({ ...paste({ log } as never, at), recorded: [] }),
  },
  {
    mistake: 'The application has no federated credential',
    source: 'azure 8.2',
    played: 'trust document',
    scene: identity({ federatedCredentials: [] }),
    id: 'azure/no-federated-credential',
    cause: /has no federated credential at all/,
    fix: paste,
  },
  {
    mistake: 'Wrong tenant: the application is in another',
    source: 'azure 8.2',
    played: 'trust document',
    scene: tenant({ identities: [] }),
    id: 'azure/unknown-client',
    cause: /no application \S+ in the tenant/,
    fix: obey(/Check (azure-tenant-id)/, (at) => ({ ...at, trust: right.trust })),
  },
  {
    mistake: 'The object id in the place of the client id',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-client-id', '44444444-4444-4444-8444-444444444444'),
    id: 'azure/unknown-client',
    cause: /not the object id/,
    fix: obey(/Check (azure-client-id): .*not the object id/, (at, name) =>
      setInput(at, name ?? '', INPUTS.azure['azure-client-id']),
    ),
  },
  {
    mistake: 'The application has no service principal in the tenant',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      7000229,
      'The client application 11111111-1111-4111-8111-111111111111 is missing service principal in the tenant 22222222-2222-4222-8222-222222222222.',
    ),
    id: 'azure/no-service-principal',
    cause: /has no service principal/,
    fix: mended(/`az ad sp create --id/),
  },
  {
    mistake: 'Wrong cloud',
    source: 'azure 8.2',
    played: 'inputs',
    scene: input('azure-cloud', 'usgovernment'),
    id: 'azure/unknown-tenant',
    cause: /knows no tenant \S+ in the cloud usgovernment/,
    fix: obey(/Check (azure-cloud)/, (at, name) => setInput(at, name ?? '', 'public')),
  },
  {
    mistake: 'The tenant does not exist',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-tenant-id', '99999999-9999-4999-8999-999999999999'),
    id: 'azure/unknown-tenant',
    cause: /knows no tenant 99999999/,
    fix: obey(/Check (azure-tenant-id)/, (at, name) => setInput(at, name ?? '', INPUTS.azure['azure-tenant-id'])),
  },
  {
    mistake: 'The tenant is neither a GUID nor a domain',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-tenant-id', 'octo'),
    id: 'inputs/invalid',
    cause: /azure-tenant-id: got "octo"/,
    fix: obey(/(azure-tenant-id): got/, (at, name) => setInput(at, name ?? '', INPUTS.azure['azure-tenant-id'])),
  },
  {
    mistake: 'A scope without /.default',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-scopes', 'https://management.azure.com/user_impersonation'),
    id: 'inputs/invalid',
    cause: /azure-scopes/,
    fix: obey(/(azure-scopes): got/, (at, name) => setInput(at, name ?? '', 'https://management.azure.com/.default')),
  },
  {
    mistake: 'A scope of an application that the tenant does not have',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-scopes', 'api://nobody/.default'),
    id: 'azure/scope-refused',
    cause: /no token for one of the scopes api:\/\/nobody/,
    fix: obey(/Check (azure-scopes)/, (at, name) => setInput(at, name ?? '', '')),
  },
  {
    mistake: 'The application is disabled',
    source: 'azure 2',
    played: 'trust document',
    scene: identity({ disabled: true }),
    id: 'azure/disabled',
    cause: /is disabled/,
    fix: obey(/Enable it/, (at) => identity({ disabled: false }, at)),
  },
  {
    mistake: 'Entra cannot reach the issuer (GHES)',
    source: 'azure 8.2',
    played: 'trust document',
    scene: { ...credential({ issuer: GHES }), claims: { iss: GHES } },
    id: 'azure/keys-unreachable',
    cause: /could not reach the issuer https:\/\/github\.example\.com/,
    fix: 'Whoever runs the server must make it public',
  },
  {
    mistake: 'The token is too old (clock of the GHES server)',
    source: 'azure 2',
    played: 'token',
    scene: { ...right, claims: { iat: SECONDS - 7200, nbf: SECONDS - 7800, exp: SECONDS - 6900 } },
    id: 'azure/token-expired',
    cause: /outside its time/,
    fix: obey(/check the clock of the server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'The issuer signs tokens that live for days',
    source: 'azure 2',
    played: 'token',
    scene: { ...right, claims: { exp: SECONDS + 200_000 } },
    id: 'azure/token-refused',
    cause: /its form, its signature or its lifetime/,
    fix: 'The issuer decides how long its tokens live',
  },
  {
    mistake: 'The tenant takes tokens of certain enterprises only',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      7002381,
      "The federated identity credential presented must contain the enterprise claim with value 'octo', 'mona' or 'hubot' but actual value is ''.",
    ),
    id: 'azure/enterprise-claim',
    cause: /certain enterprises only/,
    fix: mended(/have an administrator of the tenant add yours/),
  },
  {
    mistake: 'The tenant forbids this federation',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(700223, 'Federated identity credential is not allowed by the tenant policy.'),
    id: 'azure/federation-disabled',
    cause: /does not allow this federation/,
    fix: mended(/Ask an administrator of the tenant/),
  },
  {
    mistake: 'Conditional access blocks the runner’s address',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      53003,
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    ),
    id: 'azure/blocked',
    cause: /Conditional access blocked/,
    fix: mended(/Ask an administrator of the tenant which policy/),
  },
  {
    ...subject,
    mistake: 'A flexible credential’s expression is for another branch',
    source: 'azure 8.1',
    scene: identity({
      federatedCredentials: [
        {
          name: 'flexible',
          issuer: ISSUER,
          audiences: ['api://AzureADTokenExchange'],
          claimsMatchingExpression: {
            value: "claims['sub'] matches 'repo:octo-org/octo-repo:ref:refs/heads/release/*'",
            languageVersion: 1,
          },
        },
      ],
    }),
    cause: /runs on the branch main/,
  },
  {
    mistake: 'Entra has a failure of its own',
    source: 'azure 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'azure',
          operation: 'token',
          answer: json(503, {
            error: 'temporarily_unavailable',
            error_description: 'AADSTS90033: A transient error has occurred. Please try again.',
            error_codes: [90033],
          }),
        },
      ],
    },
    id: 'azure/unavailable',
    cause: /a failure of its own/,
    fix: mended(/run the job again/),
  },
  {
    mistake: 'A number that nobody here knows',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(99999, 'Something new.'),
    id: 'azure/refused',
    cause: /Entra refused the token: AADSTS99999/,
    fix: 'Entra’s own words are all there is',
  },
];

function pullRequest(): Scene['event'] {
  const repo = { full_name: 'octo-org/octo-repo' };
  return {
    name: 'pull_request',
    payload: { pull_request: { number: 7, head: { ref: 'x', repo }, base: { ref: 'main', repo } } },
  };
}
