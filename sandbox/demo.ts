// `npm run demo [-- path/to/workflow.yml]`: a workflow in the sandbox, main and post, with an account of what happened.
// The exit status is 0 only if the job succeeded and nothing that could be ended is alive.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { accounts } from './demo/accounts.ts';
import { timeline } from './demo/timeline.ts';
import type { RunResult } from './runner/result.ts';
import { runWorkflow } from './runner/run.ts';
import { trustBeside } from './trust-file.ts';
import { startWorld, type World } from './world.ts';

const ROOT = resolve(import.meta.dirname, '..');
const say = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`);

async function demo(path: string): Promise<number> {
  const trust = trustBeside(path);
  const world = await startWorld({ ...(trust && { trust }) });
  try {
    say(
      `Running ${path} in the sandbox: every authority in it is played on this machine, under its real host name.`,
      '',
    );
    const before: string[] = [];
    const result = await play(path, world, before);
    say('', ...story(result, world, before));
    const owed = world.ledger.owed();
    say('', verdict(result, owed.length));
    result.dispose();
    return result.result === 'success' && owed.length === 0 ? 0 : 1;
  } finally {
    await world.stop();
  }
}

/** Runs the workflow; `before` gets the ledger as it stands when the first post step begins. */
function play(path: string, world: World, before: string[]): Promise<RunResult> {
  return runWorkflow({
    workflow: path,
    actions: (uses) => (uses === './' || /^your-org\/workload-identity@/.test(uses) ? ROOT : undefined),
    env: { ...world.env(), NODE_PATH: join(ROOT, 'node_modules'), NODE_USE_ENV_PROXY: '1' },
    identity: (job) => world.github.identityFor(job),
    hooks: {
      beforeStep(step) {
        if (step.kind === 'post' && before.length === 0) before.push(...accounts('Before the post step', world.ledger));
      },
    },
    onLine: (line) => say(`  ${line}`),
  });
}

function story(result: RunResult, world: World, before: readonly string[]): string[] {
  const steps = result.steps.filter((step) => step.kind !== 'run' && step.uses);
  const bars = steps.flatMap((step) => {
    const during = world.traffic.filter((t) => t.start >= step.start && t.start <= step.end);
    return [...timeline(`Requests of ${step.kind} (${step.name})`, during), ''];
  });
  return [...bars, ...before, '', ...accounts('After the job', world.ledger)];
}

function verdict(result: RunResult, owed: number): string {
  if (result.result !== 'success') return `The job ended with ${result.result}.`;
  return owed === 0
    ? 'The job succeeded, and nothing that could be ended is alive.'
    : `The job succeeded, but ${owed} credentials that could have been ended are alive.`;
}

const path = process.argv[2] ?? join(ROOT, 'examples', 'four-clouds.yml');
if (existsSync(path) && readFileSync(path).length > 0) {
  process.exitCode = await demo(path);
} else {
  process.stderr.write(`There is no workflow at ${path}. Give the path of a workflow file.\n`);
  process.exitCode = 2;
}
