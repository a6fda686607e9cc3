// The first workflow of the README, word for word, under a runner that is not ours.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAct } from '../../real/act.ts';
import { workflowsOf } from '../../real/markdown.ts';
import { parts, ROOT } from '../../real/parts.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  // Every run of act has this id; the action compares it with the token's.
  world.github.job = { ...world.github.job, runId: '1' };
});
afterAll(() => world?.stop());

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** What the job is given: the world's proxy and CA, and (act knows no `permissions:`) who it may ask for an identity token. */
function environment(): Record<string, string> {
  const { requestUrl, requestToken } = world.github;
  return { ...world.env(), ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
}

it("act runs the README's first workflow: main and post succeed, nothing leaks, nothing is owed", async () => {
  const workflow = workflowsOf(readme)[0]?.text ?? '';
  expect(workflow).toContain('uses: your-org/workload-identity@v1');
  const { status, stdout, stderr } = await runAct({
    act: parts().act,
    workflow,
    env: environment(),
    repository: 'octo-org/octo-repo',
  });
  const log = `${stdout}\n${stderr}`;
  expect(log).toMatch(/Success - Main your-org\/workload-identity@v1/);
  expect(log).toMatch(/Success - Post your-org\/workload-identity@v1/);
  expect(status).toBe(0);
  const canaries = world.canaries().filter(({ value }) => value.length >= 8);
  expect(canaries.length).toBeGreaterThan(3);
  expect(canaries.filter(({ value }) => log.includes(value)).map(({ label }) => label)).toEqual([]);
  expect(world.ledger.all('aws').map((entry) => entry.kind)).toContain('session');
  expect(world.ledger.all('vault').length).toBeGreaterThan(1);
  expect(world.ledger.owed()).toEqual([]);
});
