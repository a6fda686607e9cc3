// The workflows of docs/migrate.md, as they stand behind the move, on the built action.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startWorld, type World } from '../../sandbox/world.ts';
import { PEERS } from '../../scripts/migrate/index.ts';
import { type AzMachine, azMachine } from './az/machine.ts';
import { ACTION, calm, cleanUp, play, ROOT } from './scenario.ts';

let world: World;
/** Some of Azure's moves log the CLI in. */
let machine: AzMachine;
beforeAll(async () => {
  world = await startWorld();
  machine = azMachine();
});
afterEach(() => {
  cleanUp();
  calm(world);
});
afterAll(async () => {
  machine.remove();
  await world.stop();
});

interface Step {
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
}
/** Every step of ours in the document, as a reader would copy it. */
const document = readFileSync(join(ROOT, 'docs/migrate.md'), 'utf8');
const STEPS = [...document.matchAll(/^### (.*)\n[\s\S]*?After:\n\n```yaml\n([\s\S]*?)```/gm)].map(
  ([, title = '', yaml = '']) => [title, (parse(yaml) as Step[])[0] as Step] as const,
);

it('every move is in the document', () => {
  expect(STEPS.map(([title]) => title)).toEqual(PEERS.flatMap((peer) => peer.moves.map((move) => move.title)));
});

it.each(STEPS)('%s', async (_, step) => {
  const { result, main, post } = await play(world, {
    steps: [step],
    machine: { PATH: machine.path },
  });
  expect(step.uses).toBe(ACTION);
  expect(main.annotations.filter((a) => a.level === 'error')).toEqual([]);
  expect(result.result).toBe('success');
  expect(main.outputs.federated).toBe('true');
  // Something came of it, for later steps.
  const secret = Object.keys(main.outputs).filter((name) => /token|secret|key/.test(name));
  expect(Object.keys(main.exported).length + secret.length).toBeGreaterThan(0);
  expect(post?.conclusion).toBe('success');
});
