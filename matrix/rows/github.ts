// GitHub and the network: jobs that may not mint, endpoints that do not answer, proxies in between (facts: github 1, 2.5, 3.8).
import { parse } from 'yaml';
import { json } from '../../sandbox/service.ts';
import { type Follow, obey, quiet, setInput } from '../follow.ts';
import type { Row } from '../row.ts';
import { INPUTS, type Permissions, type Scene, scene } from '../scene.ts';

const right = scene(INPUTS.aws);
const MINTING = 'idtoken';

function pullRequest(head: object | null, name = 'pull_request'): Scene['event'] {
  const base = { ref: 'main', repo: { full_name: 'octo-org/octo-repo', fork: false } };
  const pull_request = { number: 7, head: { ref: 'change', repo: head }, base };
  return { name, payload: { pull_request, repository: base.repo, sender: { login: 'octocat' } } };
}
const FORK = { full_name: 'mallory/octo-repo', fork: true };
const OWN = { full_name: 'octo-org/octo-repo', fork: false };

function permitted(permissions: Scene['permissions'], change: Partial<Scene> = {}): Scene {
  return { ...right, ...change, permissions };
}
function github(answer: Scene['recorded'][number]['answer'], times?: number): Scene {
  return {
    ...right,
    recorded: [{ service: 'github', operation: MINTING, answer, ...(times !== undefined && { times }) }],
  };
}
function network(service: string, operation: string, fault: string, change: Partial<Scene> = {}): Scene {
  return { ...right, ...change, recorded: [{ service, operation, answer: { fault } }] };
}

/** Puts the printed `permissions:` into the job, where it counts. */
const grant: Follow = obey(/^- Give the job `(permissions: \{.*\})`/, (at, yaml) => {
  const { permissions } = parse(yaml ?? '') as { permissions: Permissions };
  return { ...at, permissions: { ...at.permissions, job: permissions } };
});
/** After the merge the same workflow runs on push. */
const afterMerge = obey(/Federate after the merge \(on push\)/, (at) => ({
  ...at,
  event: { name: 'push', payload: {} },
  job: { ...right.job },
}));

const missing = { id: 'identity/permission-missing', played: 'workflow', fix: grant } as const;
const unreachable = { id: 'identity/unreachable', played: 'network' } as const;

export const ROWS: readonly Row[] = [
  {
    ...missing,
    mistake: 'No `permissions` at all',
    source: 'github 2.5',
    scene: permitted({}),
    cause: /lacks the permission `id-token: write`/,
  },
  {
    ...missing,
    mistake: '`permissions` of the job replace the workflow’s, which had it',
    source: 'github 2.5',
    scene: permitted({ workflow: { 'id-token': 'write' }, job: { contents: 'read' } }),
    cause: /replaces the workflow's as a whole/,
  },
  {
    ...missing,
    mistake: '`id-token: read`, which means nothing',
    source: 'github 2.5',
    scene: permitted({ workflow: { 'id-token': 'read', contents: 'read' } }),
    cause: /`id-token: read` is no use/,
  },
  {
    ...missing,
    mistake: '`permissions: read-all`',
    source: 'github 2.5',
    scene: permitted({ workflow: 'read-all' }),
    cause: /lacks the permission `id-token: write`/,
  },
  {
    ...missing,
    mistake: 'A reusable workflow (of another organisation too) whose caller does not grant it',
    source: 'github 2.5',
    scene: permitted(
      {},
      {
        job: { ...right.job, jobWorkflowRef: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/v1' },
        env: { GITHUB_WORKFLOW_REF: 'octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main' },
      },
    ),
    cause: /calling job/,
  },
  {
    ...missing,
    mistake: 'A pull request inside a repository that is itself a fork',
    source: 'github 2.5',
    scene: permitted({}, { event: pullRequest({ ...OWN, fork: true }) }),
    cause: /lacks the permission `id-token: write`/,
    fix: (told, at) => ({ ...grant(told, at), trust: pullRequestTrust(at) }),
  },
  {
    ...missing,
    mistake: 'pull_request_target, where the permission is missing',
    source: 'github 2.5',
    scene: permitted({}, { event: pullRequest(FORK, 'pull_request_target') }),
    cause: /lacks the permission `id-token: write`/,
  },
  {
    mistake: 'A pull request from a fork',
    source: 'github 2.5',
    played: 'workflow',
    scene: { ...right, event: pullRequest(FORK) },
    id: 'identity/fork',
    cause: /comes from a fork/,
    fix: afterMerge,
  },
  {
    mistake: 'A pull request from a fork that was deleted',
    source: 'github 2.5',
    played: 'workflow',
    scene: { ...right, event: pullRequest(null) },
    id: 'identity/fork',
    cause: /comes from a fork/,
    fix: afterMerge,
  },
  {
    mistake: 'A pull request from a fork, skipped on demand',
    source: 'github 2.5',
    played: 'workflow',
    scene: { ...right, event: pullRequest(FORK) },
    id: 'identity/fork',
    cause: /comes from a fork/,
    fix: obey(/set (on-missing-token) to (skip)/, (at, name, value) => setInput(at, name ?? '', value ?? '')),
  },
  {
    mistake: 'Dependabot’s pull request',
    source: 'github 2.5',
    played: 'workflow',
    scene: { ...right, event: pullRequest(OWN), job: { ...right.job, actor: 'dependabot[bot]' } },
    id: 'identity/dependabot',
    cause: /Dependabot started this run/,
    fix: afterMerge,
  },
  {
    mistake: 'Dependabot pushes',
    source: 'github 2.5',
    played: 'workflow',
    scene: { ...right, job: { ...right.job, actor: 'dependabot[bot]' } },
    id: 'identity/dependabot',
    cause: /Dependabot started this run/,
    fix: afterMerge,
  },
  {
    mistake: 'pull_request_target of a fork, where strangers are refused',
    source: 'github 2.5',
    played: 'workflow',
    scene: setInput({ ...right, event: pullRequest(FORK, 'pull_request_target') }, 'on-untrusted-event', 'fail'),
    id: 'identity/untrusted-event',
    cause: /for the event pull_request_target/,
    fix: obey(/Federate in a workflow that strangers cannot start/, (at) => ({
      ...at,
      event: { name: 'push', payload: {} },
    })),
  },
  {
    mistake: 'act',
    source: 'github 4',
    played: 'workflow',
    scene: permitted({}, { env: { ACT: 'true' } }),
    id: 'identity/act',
    cause: /act has no endpoint/,
    fix: 'The step is left out under act',
  },
  {
    mistake: 'The action outside of a job',
    source: 'github 2.5',
    played: 'workflow',
    scene: permitted({}, { env: { GITHUB_ACTIONS: '' } }),
    id: 'run/not-actions',
    cause: /does not run in a job of GitHub Actions/,
    fix: 'It is to be run as a step',
  },
  {
    mistake: 'An `env:` that empties half of the endpoint',
    source: 'github 1.1',
    played: 'workflow',
    scene: { ...right, env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' } },
    id: 'identity/half-endpoint',
    cause: /Only one of/,
    fix: obey(/an `env:` that empties one/, (at) => ({ ...at, env: {} })),
  },
  {
    mistake: 'An earlier step planted an endpoint on plain http',
    source: 'github 1.1',
    played: 'workflow',
    scene: permitted(
      {},
      {
        env: {
          ACTIONS_ID_TOKEN_REQUEST_URL: 'http://tokens.example/token',
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'planted-0123456789',
        },
      },
    ),
    id: 'identity/unsafe-endpoint',
    cause: /is not an https URL/,
    fix: obey(/look for writes to GITHUB_ENV/, (at) => ({ ...at, env: {}, permissions: right.permissions })),
  },
  {
    mistake: 'An earlier step planted the endpoint of another run',
    source: 'github 1.1',
    played: 'token',
    scene: { ...right, claims: { run_id: '1' } },
    id: 'identity/mismatch',
    cause: /does not speak of this job: run_id/,
    fix: obey(/planted ACTIONS_ID_TOKEN_REQUEST_URL/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'The job is still pending (configure-aws-credentials#469)',
    source: 'github 1.1',
    played: 'workflow',
    scene: { ...right, jobState: 'Pending' },
    id: 'identity/job-pending',
    cause: /not begun|pending/,
    fix: obey(/Run the job again/, ({ jobState: _, ...at }) => at),
  },
  {
    mistake: 'The job has ended (a process that outlived it)',
    source: 'github 1.1',
    played: 'workflow',
    scene: { ...right, jobState: 'Completed' },
    id: 'identity/job-over',
    cause: /it has ended/,
    fix: obey(/Federate within the job/, ({ jobState: _, ...at }) => at),
  },
  {
    mistake: 'The request token has ended, after six hours (azure-cli#28778)',
    source: 'github 1.1',
    played: 'recorded answer',
    scene: github(json(401, { message: 'Client authentication required.', typeKey: 'UnauthorizedRequestException' })),
    id: 'identity/request-token-refused',
    cause: /refused the request token/,
    fix: obey(/federate earlier, or in a job of its own/, quiet),
  },
  {
    mistake: 'GitHub throttles',
    source: 'github 1.2',
    played: 'recorded answer',
    scene: github(json(429, { message: 'Too many requests' })),
    id: 'identity/refused',
    cause: /answered 429/,
    fix: obey(/githubstatus/, quiet),
  },
  {
    mistake: 'GitHub fails',
    source: 'github 1.2',
    played: 'recorded answer',
    scene: github(json(500, { message: 'Internal Server Error' })),
    id: 'identity/refused',
    cause: /answered 500/,
    fix: obey(/githubstatus/, quiet),
  },
  {
    mistake: 'A login page answers in GitHub’s place',
    source: 'github 1.2',
    played: 'recorded answer',
    scene: github({ status: 200, body: '<html>Sign in</html>' }),
    id: 'identity/bad-answer',
    cause: /answered without a token/,
    fix: obey(/look for a proxy or a login page/, quiet),
  },
  {
    ...unreachable,
    mistake: 'A proxy that inspects TLS (self-hosted)',
    source: 'github 3.8',
    scene: network('github', MINTING, 'SELF_SIGNED_CERT_IN_CHAIN'),
    cause: /proxy inspects TLS/,
    fix: obey(/(ca-certificate)/, quiet),
  },
  {
    ...unreachable,
    mistake: 'The same in a container job, which has no certificates of the host',
    source: 'github 3.8',
    scene: network('github', MINTING, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', {
      env: { GITHUB_WORKSPACE: '/__w/octo-repo/octo-repo' },
    }),
    cause: /container/,
    fix: obey(/(ca-certificate)/, quiet),
  },
  {
    ...unreachable,
    mistake: 'The runner’s clock is wrong, so that no certificate is valid',
    source: 'github 0',
    scene: network('github', MINTING, 'CERT_NOT_YET_VALID'),
    cause: /clock/,
    fix: obey(/[Cc]heck the clock of the runner/, quiet),
  },
  {
    ...unreachable,
    mistake: 'A certificate that has expired',
    source: 'github 0',
    scene: network('aws', 'AssumeRoleWithWebIdentity', 'CERT_HAS_EXPIRED'),
    id: 'aws/unreachable',
    cause: /has expired/,
    fix: obey(/[Cc]heck the clock of the runner/, quiet),
  },
  {
    ...unreachable,
    mistake: 'The certificate is for another name',
    source: 'github 0',
    scene: {
      ...scene(INPUTS.vault),
      recorded: [{ service: 'vault', operation: 'auth/jwt/login', answer: { fault: 'ERR_TLS_CERT_ALTNAME_INVALID' } }],
    },
    id: 'vault/unreachable',
    cause: /for another name/,
    fix: obey(/Check the host/, quiet),
  },
  {
    ...unreachable,
    mistake: 'Vault with a certificate of a company’s authority',
    source: 'vault 5',
    scene: {
      ...scene(INPUTS.vault),
      recorded: [
        { service: 'vault', operation: 'auth/jwt/login', answer: { fault: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } },
      ],
    },
    id: 'vault/unreachable',
    cause: /is not trusted/,
    fix: obey(/ca-certificate/, quiet),
  },
  {
    ...unreachable,
    mistake: 'The proxy asks for a password',
    source: 'github 3.8',
    scene: network('github', MINTING, 'PROXY_407'),
    cause: /user name and a password/,
    fix: obey(/Put them into the proxy variable/, quiet),
  },
  {
    ...unreachable,
    mistake: 'The proxy does not allow the host',
    source: 'github 3.8',
    scene: network('aws', 'AssumeRoleWithWebIdentity', 'PROXY_403'),
    id: 'aws/unreachable',
    cause: /proxy refused the connection/,
    fix: obey(/Ask for \S+ to be allowed by the proxy/, quiet),
  },
  {
    ...unreachable,
    mistake: 'No DNS behind a proxy that is not set',
    source: 'github 3.8',
    scene: network('github', MINTING, 'ENOTFOUND'),
    cause: /does not resolve/,
    fix: obey(/set HTTPS_PROXY/, quiet),
  },
  {
    ...unreachable,
    mistake: 'A firewall that drops',
    source: 'github 3.8',
    scene: network('aws', 'AssumeRoleWithWebIdentity', 'TIMEOUT'),
    id: 'aws/unreachable',
    cause: /did not answer in time/,
    fix: obey(/may reach sts\.eu-west-1/, quiet),
  },
  {
    ...unreachable,
    mistake: 'A container job without the host’s proxy variables',
    source: 'github 3.8',
    scene: network('github', MINTING, 'ETIMEDOUT', { env: { GITHUB_WORKSPACE: '/__w/octo-repo/octo-repo' } }),
    cause: /container/,
    fix: obey(/proxy variables/, quiet),
  },
  {
    mistake: 'No cloud was asked for',
    source: 'gcp 2',
    played: 'inputs',
    scene: { ...right, inputs: {} },
    id: 'inputs/no-cloud',
    cause: /aws-role-arn/,
    fix: obey(/(aws-role-arn)/, (at) => ({ ...at, inputs: INPUTS.aws })),
  },
  {
    mistake: 'A misspelt input',
    source: 'github 3.1',
    played: 'inputs',
    scene: setInput(right, 'aws-regoin', 'eu-west-1'),
    id: 'inputs/unknown',
    cause: /aws-region/,
    fix: obey(/aws-regoin/, (at) => ({ ...at, inputs: INPUTS.aws })),
  },
  {
    mistake: 'An input of a cloud that was not asked for',
    source: 'github 3.1',
    played: 'inputs',
    scene: setInput(right, 'vault-role', 'ci'),
    id: 'inputs/not-asked',
    cause: /vault-url is empty/,
    fix: obey(/remove (vault-role)/, (at, name) => setInput(at, name ?? '', '')),
  },
];

/** A pull request has a subject of its own; here it is trusted, so that the permission alone is what was wrong. */
function pullRequestTrust(at: Scene): Scene['trust'] {
  const text = JSON.stringify(at.trust.aws).replaceAll('ref:refs/heads/main', 'pull_request');
  return { ...at.trust, aws: JSON.parse(text) };
}
