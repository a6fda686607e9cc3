// The cases in which the usual advice is wrong: the event, the claims and the variables as they really come, what is said, and what must not be (facts: github 1.1, 2.2, 2.5, 3.8).
import { INPUTS, type Scene, scene } from '../../matrix/scene.ts';
import { step } from '../../matrix/stage.ts';

const REPOSITORY = { id: 1296269, full_name: 'octo-org/octo-repo', fork: false, private: false };
const FORK = { id: 42, full_name: 'mallory/octo-repo', fork: true, private: false };
const GRANT = /Give the job `permissions: \{ id-token: write, contents: read \}`/;
const NEVER_TARGET = /Do not move the job to pull_request_target/;
const TRUST = /token\.actions\.githubusercontent\.com:sub|federated-credential create|update-oidc|vault write/;

const right = scene(INPUTS.aws);

function pull(head: object | null, name = 'pull_request', sender = 'octocat'): Scene['event'] {
  const base = { ref: 'main', sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e', repo: REPOSITORY };
  return {
    name,
    payload: {
      action: 'synchronize',
      number: 7,
      pull_request: { number: 7, head: { ref: 'change', repo: head }, base, user: { login: sender } },
      repository: REPOSITORY,
      sender: { login: sender },
    },
  };
}
function fault(service: string, operation: string, code: string, base: Scene = right): Scene {
  return { ...base, recorded: [{ service, operation, answer: { fault: code } }] };
}
const bot = { ...right.job, actor: 'dependabot[bot]', actorId: '49699333' };
const none = { workflow: { contents: 'read' } };
const CALLED = 'platform/workflows/.github/workflows/deploy.yml@refs/heads/v1';

interface Case {
  readonly scene: Scene;
  /** Of the error; `passes` where the step succeeds. */
  readonly id: string;
  readonly says: readonly RegExp[];
  readonly never?: readonly RegExp[];
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    'a pull request from a fork, whatever `permissions` says',
    {
      scene: { ...right, event: pull(FORK) },
      id: 'identity/fork',
      says: [/whatever `permissions` says/, NEVER_TARGET, /on-missing-token to skip/],
      never: [GRANT, TRUST],
    },
  ],
  [
    'a review of a pull request from a fork',
    {
      scene: { ...right, event: pull(FORK, 'pull_request_review') },
      id: 'identity/fork',
      says: [NEVER_TARGET],
      never: [GRANT, TRUST],
    },
  ],
  [
    'a pull request by Dependabot',
    {
      scene: { ...right, event: pull(REPOSITORY, 'pull_request', 'dependabot[bot]'), job: bot },
      id: 'identity/dependabot',
      says: [/Dependabot started this run/, NEVER_TARGET],
      never: [GRANT, TRUST],
    },
  ],
  [
    'a run of Dependabot’s that a person started again: the actor stays',
    {
      scene: {
        ...right,
        event: pull(REPOSITORY, 'pull_request', 'dependabot[bot]'),
        job: { ...bot, runAttempt: '2' },
        env: { GITHUB_TRIGGERING_ACTOR: 'octocat' },
      },
      id: 'identity/dependabot',
      says: [/Dependabot started this run/],
      never: [GRANT],
    },
  ],
  [
    'a pull request of a branch whose job forgot the permission: no fork',
    {
      scene: { ...right, permissions: none, event: pull(REPOSITORY) },
      id: 'identity/permission-missing',
      says: [GRANT],
      never: [/fork/i, NEVER_TARGET],
    },
  ],
  [
    'pull_request_target of a fork, not trusted: no trust that would let strangers in',
    {
      scene: {
        ...right,
        event: { ...pull(FORK, 'pull_request_target') },
        job: { ...right.job, environment: 'preview' },
      },
      id: 'aws/trust-refused',
      says: [/No trust is written for the event pull_request_target/],
      never: [TRUST],
    },
  ],
  [
    '`permissions` of the job that replace the workflow’s',
    {
      scene: { ...right, permissions: { workflow: { 'id-token': 'write' }, job: { contents: 'read' } } },
      id: 'identity/permission-missing',
      says: [/replaces the workflow's as a whole/, GRANT],
    },
  ],
  [
    'a reusable workflow of another organisation that was not granted it',
    {
      scene: { ...right, permissions: none, job: { ...right.job, jobWorkflowRef: CALLED } },
      id: 'identity/permission-missing',
      says: [/let the calling job grant it too/],
    },
  ],
  [
    'a reusable workflow of another organisation, trusted by the name of the called one',
    {
      scene: { ...right, job: { ...right.job, ref: 'refs/heads/dev', jobWorkflowRef: CALLED } },
      id: 'aws/trust-refused',
      says: [
        /Possible cause 1 of \d+: The trust names the wrong repository: the job comes from a reusable workflow of platform\/workflows, but the subject names the caller, octo-org\/octo-repo/,
      ],
    },
  ],
  [
    'act',
    {
      scene: { ...right, permissions: {}, env: { ACT: 'true' } },
      id: 'identity/act',
      says: [/no endpoint that mints/],
      never: [GRANT],
    },
  ],
  [
    'a container job behind a proxy that inspects TLS',
    {
      scene: fault('github', 'idtoken', 'SELF_SIGNED_CERT_IN_CHAIN', {
        ...right,
        env: { GITHUB_WORKSPACE: '/__w/octo-repo/octo-repo' },
      }),
      id: 'identity/unreachable',
      says: [/ca-certificate/, /container, which has none of the host's certificates/],
      never: [GRANT],
    },
  ],
  [
    'a self-hosted runner behind the same proxy: nothing of containers',
    {
      scene: fault('github', 'idtoken', 'SELF_SIGNED_CERT_IN_CHAIN', {
        ...right,
        job: { ...right.job, runnerEnvironment: 'self-hosted' },
      }),
      id: 'identity/unreachable',
      says: [/proxy inspects TLS/],
      never: [GRANT, /container/],
    },
  ],
  [
    'a self-hosted runner whose clock is wrong: no certificate is to blame',
    {
      scene: fault('github', 'idtoken', 'CERT_NOT_YET_VALID'),
      id: 'identity/unreachable',
      says: [/Check the clock of the runner/],
      never: [/give that authority in ca-certificate/],
    },
  ],
  [
    'the clock of the server that signed: not that of the runner',
    {
      scene: { ...right, claims: { iat: 1_700_000_000, nbf: 1_699_999_400, exp: 1_700_000_300 } },
      id: 'aws/token-expired',
      says: [/the runner has no part in it/],
      never: [/[Cc]lock of the runner/],
    },
  ],
  [
    'a repository that was renamed since, and so has the immutable subject',
    {
      scene: { ...right, job: { ...right.job, repository: 'renamed', immutableSubject: true } },
      id: 'aws/trust-refused',
      says: [
        /Possible cause 1 of \d+: The trust has the classic subject.*renamed or transferred/,
        /octo-org@583231\/renamed@1296269/,
      ],
    },
  ],
  [
    'an environment that was set by accident',
    {
      scene: { ...right, job: { ...right.job, environment: 'staging' } },
      id: 'aws/trust-refused',
      says: [
        /Possible cause 1 of \d+: .*names the environment staging.*take `environment:` out of the job if it is there by accident/,
      ],
    },
  ],
  [
    'a job that is pending for GitHub: no permission is missing',
    {
      scene: { ...right, jobState: 'Pending' },
      id: 'identity/job-pending',
      says: [/Run the job again/],
      never: [GRANT],
    },
  ],
  [
    'a job that is delayed',
    {
      scene: { ...right, jobState: 'Delayed' },
      id: 'identity/job-pending',
      says: [/Run the job again/],
      never: [GRANT],
    },
  ],
  [
    'a request token at its end',
    {
      scene: {
        ...right,
        recorded: [
          {
            service: 'github',
            operation: 'idtoken',
            answer: { status: 401, body: '{"message":"Client authentication required."}' },
          },
        ],
      },
      id: 'identity/request-token-refused',
      says: [/about six hours after the job began/],
      never: [GRANT],
    },
  ],
];

it.each(CASES)('%s', async (_, { scene: at, id, says, never = [] }) => {
  const told = await step(at);
  const log = told.log.join('\n');
  expect(told.ids).toEqual([id]);
  for (const words of says) expect(log).toMatch(words);
  for (const words of never) expect(log).not.toMatch(words);
  expect(told.summary).toContain(id);
});

describe('a job that is late for GitHub, but begins', () => {
  it('is waited for, and passes', async () => {
    const pending = { status: 403, body: '{"message":"Can\'t issue ID_TOKEN for job in \'Pending\' state."}' };
    const told = await step({
      ...right,
      recorded: [{ service: 'github', operation: 'idtoken', answer: pending, times: 2 }],
    });
    expect([told.passed, told.asked.filter((one) => one === 'github idtoken').length]).toEqual([true, 3]);
  });
});

describe('variables that win over ours', () => {
  it.each([
    ['aws', INPUTS.aws, 'AWS_PROFILE'],
    ['aws', INPUTS.aws, 'AWS_WEB_IDENTITY_TOKEN_FILE'],
    ['azure', INPUTS.azure, 'AZURE_CLIENT_SECRET'],
    ['azure', INPUTS.azure, 'ARM_OIDC_TOKEN'],
    ['gcp', INPUTS.gcp, 'CLOUDSDK_AUTH_ACCESS_TOKEN'],
    ['gcp', INPUTS.gcp, 'GOOGLE_CREDENTIALS'],
  ])('%s: %s is named in a warning, and the step goes on', async (_, inputs, name) => {
    const told = await step(scene(inputs, { env: { [name]: 'something' } }));
    expect([told.passed, told.ids]).toEqual([true, []]);
    expect(told.warnings).toEqual([expect.stringContaining(name)]);
    expect((await step(scene(inputs))).warnings).toEqual([]);
  });
});
