// Who the runner says we are: for names and for comparing, never for trust.
import type { Runner } from './core/ports.ts';
import type { Job } from './core/provider.ts';

const NAMES = {
  repository: 'GITHUB_REPOSITORY',
  repositoryId: 'GITHUB_REPOSITORY_ID',
  runId: 'GITHUB_RUN_ID',
  runAttempt: 'GITHUB_RUN_ATTEMPT',
  eventName: 'GITHUB_EVENT_NAME',
  actor: 'GITHUB_ACTOR',
  step: 'GITHUB_ACTION',
  requestUrl: 'ACTIONS_ID_TOKEN_REQUEST_URL',
} as const;

/** What the environment says about the job; a variable that is not set has no member. */
export function jobOf(runner: Runner): Job {
  const known = Object.entries(NAMES).map(([key, name]) => [key, runner.env(name)] as const);
  const job: Partial<Record<keyof typeof NAMES, string>> = Object.fromEntries(
    known.filter(([, value]) => value !== undefined),
  );
  return { serverUrl: runner.env('GITHUB_SERVER_URL') ?? 'https://github.com', ...job };
}
