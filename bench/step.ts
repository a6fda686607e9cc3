// One step of one contestant, main and post, as a runner has them: inputs and the job's facts in the environment, new command files for each,
// main's state handed to post.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPairs } from '../sandbox/runner/file-command.ts';
import { inputEnv } from '../sandbox/runner/inputs.ts';
import type { Contestant } from './contestants.ts';
import type { Job } from './jobs.ts';
import { launch, type Ran } from './process.ts';
import type { Stage } from './stage.ts';
import type { Asked, Opened } from './world.ts';

/** One process of a step. */
export interface Part<Report> extends Ran<Report> {
  readonly asked: readonly Asked[];
}

export interface Step<Report> {
  readonly main: Part<Report>;
  readonly post: Part<Report>;
}

const COMMAND_FILES = ['ENV', 'OUTPUT', 'STATE', 'PATH', 'STEP_SUMMARY'];

/** Runs main and post. Rejects when one of them fails, or when the world refused anything: a contestant that does less is no measure. */
export async function runStep<Report>(
  job: Job,
  contestant: Contestant,
  stage: Stage,
  preload: string,
): Promise<Step<Report>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const inputs = Object.entries({ ...contestant.defaults, ...job.inputs }).map(([name, value]) => ({ name, value }));
  const shared = { ...jobEnv(stage.opened, folder), ...inputEnv(inputs) };
  const run = async (name: 'main' | 'post', state: Record<string, string>): Promise<Part<Report>> => {
    const env = { ...shared, ...state, ...commandFiles(folder, name) };
    const report = join(folder, 'report.json');
    const ran = await launch<Report>({ script: contestant[name], preload, report, env, cwd: folder });
    const asked = await stage.take();
    refuseRefusals(asked, `${contestant.name} ${name}, ${job.title}`);
    return { ...ran, asked };
  };
  try {
    const main = await run('main', {});
    return { main, post: await run('post', stateOf(folder)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function jobEnv(opened: Opened, folder: string): Record<string, string> {
  const { AWS_ENDPOINT_URL_STS: _, ...world } = opened.env; // for SDKs that know no proxy
  const named = ['repository', 'repository_id', 'repository_owner', 'run_id', 'run_attempt', 'event_name', 'actor'];
  const facts = named.map((name) => [`GITHUB_${name.toUpperCase()}`, String(opened.claims[name])]);
  mkdirSync(join(folder, 'temp'));
  return {
    ...world,
    ...Object.fromEntries(facts),
    ...{ GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_ACTION: 'federate', GITHUB_SERVER_URL: 'https://github.com' },
    ...{ PATH: process.env.PATH ?? '', HOME: folder, RUNNER_TEMP: join(folder, 'temp'), RUNNER_OS: 'Linux' },
    ACTIONS_ID_TOKEN_REQUEST_URL: opened.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: opened.requestToken,
  };
}

function commandFiles(folder: string, name: string): Record<string, string> {
  const paths = COMMAND_FILES.map((kind) => [`GITHUB_${kind}`, join(folder, `${name}-${kind}`)] as const);
  for (const [, path] of paths) writeFileSync(path, '');
  return Object.fromEntries(paths);
}

function stateOf(folder: string): Record<string, string> {
  const { pairs } = readPairs(readFileSync(join(folder, 'main-STATE'), 'utf8'));
  return Object.fromEntries(pairs.map(({ name, value }) => [`STATE_${name}`, value]));
}

/** Main does not wait for the end of a token that nobody needs, and post, which confirms it, finds it ended. */
function isConfirmed({ operation, outcome }: Asked): boolean {
  return operation.endsWith('auth/token/revoke-self') && (outcome === 'unanswered' || outcome === 403);
}

function refuseRefusals(asked: readonly Asked[], who: string): void {
  const refused = asked.find((each) => each.outcome !== 200 && each.outcome !== 204 && !isConfirmed(each));
  if (refused) throw new Error(`${who}: ${refused.operation} was answered with ${refused.outcome}`);
}
