// Who the job is: one identity token an exchange, compared with the job before any authority sees it.
import { type MintEndpoint, type Minted, mint } from './adapters/oidc.ts';
import { type Claims, claim, mismatches } from './core/claims.ts';
import { Failure } from './core/failure.ts';
import type { Keep } from './core/grant.ts';
import { isRecord } from './core/http.ts';
import type { Cloud } from './core/input.ts';
import { isLoopbackHttp } from './core/kinds.ts';
import { explainMissingToken } from './core/missing-token.ts';
import type { Runner } from './core/ports.ts';
import type { ExchangePorts, Identities, Job, Plan } from './core/provider.ts';
import { Secret } from './core/secret.ts';
import type { Task } from './core/task.ts';
import type { World } from './core/world.ts';

/** Who asks for tokens, and for which audiences. */
export type Asking = Pick<Task, 'cloud'> & { readonly plan: Pick<Plan, 'audiences'> };

/** The job's own endpoint. Throws what `explainMissingToken` finds where there is none, and `identity/unsafe-endpoint` for plain http. */
export function findEndpoint(world: World): MintEndpoint {
  const { runner } = world;
  const url = runner.env('ACTIONS_ID_TOKEN_REQUEST_URL');
  const token = runner.env('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
  if (!url || !token) throw explainMissingToken(runner.env, world.readEvent());
  const requestToken = new Secret(token, 'request token');
  runner.mask(requestToken);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || (parsed.protocol !== 'https:' && !isLoopbackHttp(parsed))) {
    throw new Failure('identity/unsafe-endpoint', 'ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL', {}, [
      'GitHub sets it to one. An earlier step may have planted another: look for writes to GITHUB_ENV.',
    ]);
  }
  if (!isGitHub(parsed, runner))
    runner.warn(
      `Identity tokens are minted at ${parsed.host}, which is no host of GitHub's. That is right for GitHub Enterprise Server and its like; else an earlier step planted it.`,
    );
  return { url, requestToken };
}

/** By its name: GitHub's own, or the server that the runner works for. */
export function isGitHub(url: URL, runner: Runner): boolean {
  const server = runner.env('GITHUB_SERVER_URL');
  const own = server && URL.canParse(server) ? new URL(server).hostname : undefined;
  return (
    /(^|\.)(actions\.githubusercontent\.com|ghe\.com)$/.test(url.hostname) ||
    (own !== undefined && own !== 'github.com' && url.hostname === own)
  );
}

/** The identities of all tasks: every token is minted in parallel, and every one compared before any is given out. */
export async function identify(
  tasks: readonly Asking[],
  endpoint: MintEndpoint,
  ports: ExchangePorts,
  keep: Keep,
): Promise<{ byCloud: ReadonlyMap<Cloud, Identities>; claims: Claims }> {
  const mintFor = async (audience: string) => {
    const minted = await mint(endpoint, audience, ports.send, ports, keep.secret);
    compare(minted.claims, audience, ports.job);
    return minted;
  };
  const wanted = tasks.flatMap((task) =>
    Object.entries(task.plan.audiences).map(([use, audience]) => ({ cloud: task.cloud, use, audience })),
  );
  const minted = await Promise.all(wanted.map(async (w) => ({ ...w, identity: await mintFor(w.audience) })));
  const ofTask = (task: Asking) =>
    new Map(minted.filter((m) => m.cloud === task.cloud).map((m) => [m.use, m.identity]));
  const byCloud = new Map(tasks.map((task) => [task.cloud, identitiesOf(task, ofTask(task), mintFor)]));
  // The same in every token of a job, but for the audience.
  return { byCloud, claims: minted[0]?.identity.claims ?? {} };
}

function identitiesOf(
  task: Asking,
  byUse: ReadonlyMap<string, Minted>,
  mintFor: (audience: string) => Promise<Minted>,
): Identities {
  return {
    get(use) {
      const identity = byUse.get(use);
      if (!identity) throw new Error(`no identity token was planned for "${use}"`);
      return identity;
    },
    renew: (use) => mintFor(task.plan.audiences[use] ?? ''),
  };
}

/** A token that speaks of another job was not minted by this job's endpoint: nothing is exchanged (INVARIANTS 8). */
function compare(claims: Claims, audience: string, job: Job): void {
  const ids = {
    ...(job.repositoryId && { repositoryId: job.repositoryId }),
    ...(job.runId && { runId: job.runId }),
    ...(job.runAttempt && { runAttempt: job.runAttempt }),
  };
  const wrong = mismatches(claims, { audience, ...ids });
  if (wrong.length === 0) return;
  throw new Failure(
    'identity/mismatch',
    `The identity token does not speak of this job: ${wrong.join(', ')} differ from the job's own`,
    {},
    [
      'An earlier step may have planted ACTIONS_ID_TOKEN_REQUEST_URL: this happens where the job lacks `permissions: id-token: write`.',
    ],
  );
}

/** Events that run with the base repository's trust on behalf of somebody who may not have it; undefined: none of these. */
function untrustedEvent(claims: Claims, event: unknown): string | undefined {
  const name = claim(claims, 'event_name');
  if (name === 'issue_comment') return name;
  if (name === 'pull_request_target')
    return headRepository(event, 'pull_request') === claim(claims, 'repository') ? undefined : name;
  if (name === 'workflow_run')
    return headRepository(event, 'workflow_run') === claim(claims, 'repository') ? undefined : name;
  return undefined;
}

/** `full_name` of the repository that the code comes from; undefined where the event does not say. */
function headRepository(event: unknown, kind: 'pull_request' | 'workflow_run'): string | undefined {
  const subject = isRecord(event) ? event[kind] : undefined;
  if (!isRecord(subject)) return undefined;
  const head = subject.head;
  const repository = kind === 'workflow_run' ? subject.head_repository : isRecord(head) ? head.repo : undefined;
  const name = isRecord(repository) ? repository.full_name : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Warns of such an event, or refuses it: `on-untrusted-event`. Throws `identity/untrusted-event`. */
export function heedEvent(answer: 'warn' | 'fail' | 'allow', claims: Claims, world: World): void {
  const event = answer === 'allow' ? undefined : untrustedEvent(claims, world.readEvent());
  if (!event) return;
  const words = `This job runs for the event ${event}, with the trust of ${claim(claims, 'repository')} and possibly on behalf of somebody outside it`;
  if (answer === 'fail') {
    throw new Failure('identity/untrusted-event', words, {}, [
      'Federate in a workflow that strangers cannot start, or set on-untrusted-event to warn or allow.',
    ]);
  }
  world.runner.warn(`[identity/untrusted-event] ${words}.`);
}
