// One end-to-end scenario: the built action in a workflow in the sandbox, and what must hold after every one of them.
import { join, resolve } from 'node:path';
import { defaultTrust } from '../../sandbox/default-trust.ts';
import { defaultJob } from '../../sandbox/github/job.ts';
import { findLeaks, type Leak } from '../../sandbox/leaks.ts';
import type { RunOptions } from '../../sandbox/runner/options.ts';
import type { RunResult, StepResult } from '../../sandbox/runner/result.ts';
import { runWorkflow } from '../../sandbox/runner/run.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const ACTION = 'your-org/workload-identity@v1';

/** Inputs of the default world's identities, by cloud. */
export const AWS = { 'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy', 'aws-region': 'eu-west-1' };
export const AZURE = {
  'azure-client-id': '11111111-1111-4111-8111-111111111111',
  'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
  'azure-subscription-id': '33333333-3333-4333-8333-333333333333',
};
const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
export const GCP_DIRECT = { 'gcp-workload-identity-provider': PROVIDER, 'gcp-project-id': 'octo-project' };
export const GCP = {
  'gcp-workload-identity-provider': PROVIDER,
  'gcp-service-account': 'deploy@octo-project.iam.gserviceaccount.com',
};
export const VAULT = {
  'vault-url': 'https://vault.example.com',
  'vault-role': 'ci',
  'vault-secrets':
    'secret/data/app password | APP_PASSWORD; database/creds/readonly username | DB_USER; database/creds/readonly password | DB_PASSWORD',
};
export const FOUR = { ...AWS, ...AZURE, ...GCP, ...VAULT };

/** One world for the tests of a file, given out before the first of them, and after each as it was at its start. */
export function useWorld(give: (world: World) => void): void {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    give(world);
  });
  afterEach(() => {
    cleanUp();
    calm(world);
    Object.assign(world.trust, defaultTrust());
    world.github.job = defaultJob;
  });
  afterAll(() => world.stop());
}

export interface Scenario {
  /** Inputs of one use of the action; or the steps of the job, whole (YAML objects). */
  readonly with?: Readonly<Record<string, string>>;
  readonly steps?: readonly object[];
  /** Steps behind the action's. */
  readonly then?: readonly object[];
  /** `env:` of the job. */
  readonly env?: Readonly<Record<string, string>>;
  readonly permissions?: object;
  /** Variables of the machine that replace the world's own; an empty text takes one away. */
  readonly machine?: Readonly<Record<string, string>>;
  readonly run?: Partial<RunOptions>;
}

/** What may differ from the rules that hold after every scenario; each exception is said where it is made. */
export interface Exceptions {
  /** Revocable credentials may be alive. */
  readonly alive?: true;
  /** Leaks that are looked at by the test itself. */
  readonly leaks?: true;
}

export interface Played {
  readonly result: RunResult;
  /** The first use of the action. */
  readonly main: StepResult;
  readonly post: StepResult | undefined;
  /** Of all steps, masked. */
  readonly log: string;
  /** The environment of the step named `later`, which every scenario has behind its others. */
  readonly later: Readonly<Record<string, string>>;
  readonly leaks: readonly Leak[];
}

const played: RunResult[] = [];

/** Removes what scenarios left on disk; for `afterEach`. */
export function cleanUp(): void {
  for (const result of played.splice(0)) result.dispose();
}

/** Plays a scenario in a world, and checks what must hold after every one. */
export async function play(world: World, scenario: Scenario, exceptions: Exceptions = {}): Promise<Played> {
  const machine = { ...world.env(), NODE_PATH: join(ROOT, 'node_modules'), ...scenario.machine };
  const result = await runWorkflow({
    workflow: JSON.stringify(workflowOf(scenario), null, 2), // JSON is YAML
    actions: (uses) => (uses === ACTION ? ROOT : undefined),
    identity: (job) => world.github.identityFor(job),
    observe: true,
    graces: { interrupt: 7_500, terminate: 2_500 },
    ...scenario.run,
    env: Object.fromEntries(Object.entries(machine).filter(([, value]) => value !== '')),
  });
  played.push(result);
  const ours = result.steps.filter((step) => step.uses === ACTION);
  const main = ours.find((step) => step.kind === 'main');
  if (!main) throw new Error(`the action did not run:\n${result.log.join('\n')}`);
  const leaks = findLeaks({ canaries: world.canaries(), result });
  check(world, result, leaks, exceptions);
  const later = result.steps.find((step) => step.name === 'later')?.env ?? {};
  return { result, main, post: ours.find((step) => step.kind === 'post'), log: result.log.join('\n'), later, leaks };
}

function workflowOf(scenario: Scenario): object {
  const use = { name: 'federate', id: 'federate', uses: ACTION, with: scenario.with ?? {} };
  const later = { name: 'later', if: 'always()', run: 'true' };
  return {
    name: 'scenario',
    on: 'push',
    permissions: scenario.permissions ?? { 'id-token': 'write', contents: 'read' },
    jobs: {
      job: {
        'runs-on': 'ubuntu-latest',
        ...(scenario.env && { env: scenario.env }),
        steps: [...(scenario.steps ?? [use]), ...(scenario.then ?? []), later],
      },
    },
  };
}

/** What holds after every scenario, success or failure: nothing leaks, nothing of ours is left, nothing that could be ended is alive. */
function check(world: World, result: RunResult, leaks: readonly Leak[], exceptions: Exceptions): void {
  if (!exceptions.leaks) expect(leaks).toEqual([]);
  if (!exceptions.alive)
    expect(world.ledger.owed().map(({ kind, holder, scope }) => ({ kind, holder, scope }))).toEqual([]);
  const left = result.leftovers.filter((file) => !file.ofRunner && /workload-identity-/.test(file.path));
  expect(left.map((file) => file.path)).toEqual([]);
}

/** Forgets what a scenario did to a world that several share: faults and traffic. The ledger stays: its entries have ended. */
export function calm(world: World): void {
  world.faults.length = 0;
  world.traffic.length = 0;
  world.connects.length = 0;
}
