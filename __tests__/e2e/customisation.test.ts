// `github-token`: how the repository's subjects are built, from GitHub's REST API, beside the refusal that it explains. Never more than advice.
import { defaultTrust } from '../../sandbox/default-trust.ts';
import { defaultJob } from '../../sandbox/github/job.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { AWS, calm, cleanUp, play } from './scenario.ts';

const READER = { value: 'ghs_ReadsTheCustomisation0123456789', readsActions: true };
const BLIND = { value: 'ghs_ReadsNothingOfTheKind0123456789', readsActions: false };
const PREFIX = 'repo:octo-org@583231/octo-repo@1296269';

let world: World;
beforeAll(async () => {
  world = await startWorld({ restTokens: [READER, BLIND] });
});
beforeEach(() => {
  // A repository whose subjects hold ids, and a role that trusts the form before it.
  world.github.job = { ...defaultJob, immutableSubject: true };
  Object.assign(world.trust, defaultTrust());
});
afterEach(() => {
  cleanUp();
  calm(world);
});
afterAll(() => world.stop());

const asked = () => world.traffic.filter((t) => t.service === 'github-rest');

it('is told where the token may read it', async () => {
  const { main, log } = await play(world, { with: { ...AWS, 'github-token': READER.value } });
  expect(main.conclusion).toBe('failure');
  expect(log).toContain(
    `GitHub says: subjects of this repository begin with ${PREFIX}; they hold the ids of owner and repository.`,
  );
  expect(asked().map((t) => [t.operation, t.outcome])).toEqual([['oidc customization', 200]]);
});

it.each([
  ['the token may not read it', BLIND.value],
  ['the token is none', 'ghs_nobody-knows-this-one'],
])('changes nothing where %s', async (_, token) => {
  const { main, log } = await play(world, { with: { ...AWS, 'github-token': token } });
  expect(log).not.toContain('GitHub says');
  expect(main.annotations.filter((a) => a.level === 'error').map((a) => a.message)).toEqual([
    expect.stringContaining('[aws/trust-refused]'),
  ]);
});

it('is not asked without a token, nor when all is well', async () => {
  await play(world, { with: AWS });
  expect(asked()).toEqual([]);
  world.github.job = defaultJob;
  const { main } = await play(world, { with: { ...AWS, 'github-token': READER.value } });
  expect(main.conclusion).toBe('success');
  expect(asked()).toEqual([]);
});
