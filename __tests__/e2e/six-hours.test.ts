// A job of six hours, in the world's time: every five minutes each cloud's own client works, and what is left when it ends lives minutes.
import { join } from 'node:path';
import { type SharedTime, shareTime } from '../../sandbox/shared-time.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { AWS, AZURE, cleanUp, GCP_DIRECT, play, ROOT, VAULT } from './scenario.ts';

let world: World;
let time: SharedTime;
beforeAll(async () => {
  world = await startWorld();
  time = await shareTime(world);
});
afterEach(cleanUp);
afterAll(async () => {
  await time.close();
  await world.stop();
});

const MINUTE = 60_000;
const INPUTS = { ...AWS, ...AZURE, ...GCP_DIRECT, ...VAULT, 'vault-export-token': 'true', lifetime: '6h' };

it('every call of every client works, with credentials that live minutes', async () => {
  const script = join(ROOT, '__tests__/e2e/consumer/six-hours.cjs');
  const then = [{ name: 'work', run: `node ${script} 6 5` }];
  const played = await play(world, {
    with: { ...INPUTS, 'keep-fresh': 'always' },
    then,
    // Node's fetch follows a proxy only when told; without the others, the SDKs look for a cloud around the machine.
    env: { NODE_USE_ENV_PROXY: '1', AWS_EC2_METADATA_DISABLED: 'true', METADATA_SERVER_DETECTION: 'none' },
    machine: time.env(),
    run: { observe: false },
  });
  const line = played.result.steps.find((step) => step.name === 'work')?.log.find((text) => text.startsWith('worked '));
  expect(JSON.parse(line?.slice('worked '.length) ?? 'null')).toEqual({ calls: 72 * 7, failures: [] });

  expect(played.log).toMatch(/Keeper \(process \d+\): stopped \(\d{3,} renewals\)/);
  expect(played.post?.annotations).toEqual([]);
  const issued = world.ledger
    .all()
    .filter((entry) => !['request token', 'access token', 'static secret'].includes(entry.kind));
  const lives = issued.map((entry) => (entry.expiresAt ?? Number.POSITIVE_INFINITY) - entry.issuedAt);
  // Sessions, identity tokens: none lives longer than a quarter of an hour. Vault's are ended by post.
  const unending = issued.filter((entry, i) => !entry.revocable && (lives[i] ?? 0) > 15 * MINUTE);
  expect(unending.map(({ service, kind }) => `${service} ${kind}`)).toEqual([]);
  // Entra's tokens cannot be shortened; Google's direct ones end with the identity token.
  world.clock.advance(15 * MINUTE);
  expect([...new Set(world.ledger.living().map(({ service, kind }) => `${service} ${kind}`))].sort()).toEqual([
    'azure access token',
    'github request token',
    'vault static secret',
  ]);
}, 400_000);
