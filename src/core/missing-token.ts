// Why a job has no identity endpoint: the case that most people meet first, and in which the usual advice is often wrong.
import { Failure } from './failure.ts';
import { isRecord } from './http.ts';

type Env = (name: string) => string | undefined;
interface Situation {
  readonly env: Env;
  readonly event: unknown;
}
export interface Explanation {
  readonly id: string;
  readonly holds: (situation: Situation) => boolean;
  readonly cause: string;
  readonly fixes: readonly string[];
}

const URL_NAME = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_NAME = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
const PERMISSIONS = '`permissions: { id-token: write, contents: read }`';
const LATER = 'Federate after the merge (on push), or set on-missing-token to skip, to end such runs green.';
/** Whose runs GitHub makes read-only when Dependabot started them. */
const READ_ONLY_EVENTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'create',
  'deployment',
  'deployment_status',
]);

/** Tried in this order; the last one always holds. */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    id: 'identity/act',
    holds: ({ env }) => env('ACT') === 'true',
    cause: 'act runs this job, and act has no endpoint that mints identity tokens',
    fixes: [
      `Give act an endpoint of your own: ${URL_NAME} and ${TOKEN_NAME} in its environment. The authorities must trust its issuer.`,
      'Leave the step out under act, by an `if:` on env.ACT.',
    ],
  },
  {
    id: 'run/not-actions',
    holds: ({ env }) => env('GITHUB_ACTIONS') !== 'true',
    cause: 'This process does not run in a job of GitHub Actions, so there is nobody to mint an identity token',
    fixes: ['Run the action as a step of a workflow.'],
  },
  {
    id: 'identity/half-endpoint',
    holds: ({ env }) => (env(URL_NAME) === undefined) !== (env(TOKEN_NAME) === undefined),
    cause: `Only one of ${URL_NAME} and ${TOKEN_NAME} is set; GitHub sets both or none`,
    fixes: [
      'Look for an earlier step that writes one of them to GITHUB_ENV, or an `env:` that empties one.',
      `Give the job ${PERMISSIONS}: with it GitHub sets both, and no step can replace them.`,
    ],
  },
  {
    id: 'identity/dependabot',
    holds: startedByDependabot,
    cause: 'Dependabot started this run: GitHub treats it like one of a fork, and gave it no identity endpoint',
    fixes: [LATER, 'Do not move the job to pull_request_target: it would run unreviewed packages with your trust.'],
  },
  {
    id: 'identity/fork',
    holds: comesFromFork,
    cause: 'This pull request comes from a fork: GitHub mints no identity tokens for it, whatever `permissions` says',
    fixes: [LATER, 'Do not move the job to pull_request_target: it would run code of the fork with your trust.'],
  },
  {
    id: 'identity/permission-missing',
    holds: () => true,
    cause: 'The job may not mint identity tokens: it lacks the permission `id-token: write`',
    fixes: [
      `Give the job ${PERMISSIONS}.`,
      "Mind that `permissions` of a job replaces the workflow's as a whole: what is not listed there is none, contents too. `id-token: read` is no use: only write mints.",
      'In a reusable workflow, let the calling job grant it too: the called one can only lower what the caller has.',
    ],
  },
];

/** Why there is no identity endpoint. `env` gives undefined for absent and empty; `event` is the event's payload, whatever it may be. */
export function explainMissingToken(env: Env, event: unknown): Failure {
  const found = EXPLANATIONS.find(({ holds }) => holds({ env, event })) as Explanation;
  return new Failure(found.id, found.cause, {}, found.fixes);
}

/** Runs that cannot mint and where nobody forgot anything: what `on-missing-token: skip` may end green. */
export function skippable(failure: Failure): boolean {
  return failure.id === 'identity/fork' || failure.id === 'identity/dependabot';
}

/** Elsewhere (`pull_request_target`, `workflow_run` ...) a run by Dependabot has what its permissions say. */
function startedByDependabot({ env, event }: Situation): boolean {
  if (!READ_ONLY_EVENTS.has(env('GITHUB_EVENT_NAME') ?? 'pull_request')) return false;
  return [env('GITHUB_ACTOR'), member(event, 'sender', 'login')].includes('dependabot[bot]');
}

/**
 * By the full names: `head.repo.fork` alone is also true inside a repository that is itself a fork, where only the permission was
 * forgotten. `pull_request_target` runs for the base repository and may mint.
 */
function comesFromFork({ env, event }: Situation): boolean {
  const name = env('GITHUB_EVENT_NAME') ?? 'pull_request';
  if (!name.startsWith('pull_request') || name === 'pull_request_target') return false;
  const head = member(event, 'pull_request', 'head');
  if (!isRecord(head)) return false;
  const from = member(head, 'repo', 'full_name');
  const to = member(event, 'pull_request', 'base', 'repo', 'full_name') ?? member(event, 'repository', 'full_name');
  if (typeof from === 'string' && typeof to === 'string') return from.toLowerCase() !== to.toLowerCase();
  // The repository of a fork that has been deleted is null.
  return head.repo === null || member(head, 'repo', 'fork') === true;
}

function member(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
}
