// What was exported, in the hands of each cloud's own client: it works in later steps, until the time that was said, and not before or after.
import { join } from 'node:path';
import type { RunResult, StepResult } from '../../sandbox/runner/result.ts';
import type { World } from '../../sandbox/world.ts';
import { ACTION, FOUR, GCP_DIRECT, type Played, play, ROOT, useWorld } from './scenario.ts';

const CONSUMER = 'octo-org/consumer@v1';
const FOLDER = join(ROOT, '__tests__/e2e/consumer');
const run = { name: 'during', run: `node ${join(FOLDER, 'consume.cjs')}` };

let world: World;
useWorld((started) => {
  world = started;
});

interface Consumed {
  readonly ok: boolean;
  readonly who: string;
}
type All = Readonly<Record<'aws' | 'azure' | 'terraform' | 'gcp' | 'vault', Consumed>>;

/** A job whose first and last step asks every cloud too; the action's use and what follows it stand in between. */
function job(inputs: Record<string, string>, behind: readonly object[], more: object = {}): Promise<Played> {
  return play(world, {
    steps: [{ name: 'around', uses: CONSUMER }, { id: 'federate', uses: ACTION, with: inputs }, ...behind],
    // Node's fetch follows a proxy only when told; without the others, the SDKs look for a cloud around the machine.
    env: {
      NODE_USE_ENV_PROXY: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      METADATA_SERVER_DETECTION: 'none',
      AZURE_TOKEN_CREDENTIALS: 'prod',
    },
    run: { actions: (uses) => ({ [ACTION]: ROOT, [CONSUMER]: FOLDER })[uses], ...more },
  });
}

function consumed(result: RunResult, wanted: (step: StepResult) => boolean): All {
  const step = result.steps.find(wanted);
  const line = step?.log.find((text) => text.startsWith('consumed '));
  if (!line) throw new Error(`nothing was consumed:\n${step?.log.join('\n')}\n${step?.stderr}`);
  return JSON.parse(line.slice('consumed '.length)) as All;
}

const working = (all: All) => Object.entries(all).flatMap(([name, { ok }]) => (ok ? [name] : []));

it('works in later steps for every client; before and after, for none', async () => {
  const { result, main } = await job({ ...FOUR, 'vault-export-token': 'true' }, [run]);
  expect(result.result).toBe('success');
  expect(working(consumed(result, (s) => s.name === 'around' && s.kind === 'main'))).toEqual([]);
  expect(consumed(result, (s) => s.name === 'during')).toEqual({
    aws: { ok: true, who: main.outputs['aws-session-arn'] },
    azure: { ok: true, who: `${FOUR['azure-client-id']} ${FOUR['azure-subscription-id']}` },
    terraform: { ok: true, who: `${FOUR['azure-client-id']} ${FOUR['azure-subscription-id']}` },
    gcp: { ok: true, who: 'octo-project: octo-artifacts octo-site' },
    vault: { ok: true, who: expect.stringMatching(/^jwt-/) },
  });
  expect(working(consumed(result, (s) => s.name.includes('around') && s.kind === 'post'))).toEqual([]);
  // Not only out of sight: what could be ended has ended.
  const ended = world.ledger.all('vault').filter((e) => e.revocable);
  expect(ended.map((e) => e.kind)).toEqual(expect.arrayContaining(['service token']));
  for (const entry of ended) expect(entry.endedBy).toBeTruthy();
});

it('works through direct federation too', async () => {
  const { result } = await job(GCP_DIRECT, [run]);
  expect(consumed(result, (s) => s.name === 'during').gcp).toEqual({
    ok: true,
    who: 'octo-project: octo-artifacts octo-site',
  });
});

it.each([
  ['false', []],
  ['gcp', ['gcp']],
  ['aws, vault', ['aws', 'vault']],
])('with export-env: %s only the clouds that are named', async (given, clouds) => {
  const { result, main } = await job({ ...FOUR, 'vault-export-token': 'true', 'export-env': given }, [run]);
  expect(result.result).toBe('success');
  expect(working(consumed(result, (s) => s.name === 'during'))).toEqual(clouds);
  expect(Object.keys(main.exported).length > 0).toBe(clouds.length > 0);
});

it('works until the time that was said, and no longer', async () => {
  // Behind the life of an identity token and the minute's leeway that Google gives it, and of nothing else.
  const hooks = {
    beforeStep(step: { name: string }) {
      if (step.name === 'during') world.clock.advance(362_000);
    },
  };
  const { result, main } = await job({ ...FOUR, 'vault-export-token': 'true', 'keep-fresh': 'never' }, [run], {
    hooks,
  });
  const { terraform, ...clouds } = consumed(result, (s) => s.name === 'during');
  expect(terraform.ok).toBe(true);
  const said = Object.keys(clouds).map((c) => [
    c,
    Date.parse(main.outputs[`${c}-expires-at`] ?? '') > world.clock.now(),
  ]);
  expect(Object.entries(clouds).map(([c, { ok }]) => [c, ok])).toEqual(said);
});
