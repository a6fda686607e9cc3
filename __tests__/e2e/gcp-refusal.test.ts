// Google refuses, at each of its doors: once, in its own words, with what to do; nothing is exported, and nothing is left.
import type { World } from '../../sandbox/world.ts';
import { REFUSALS } from './gcp-refusals.ts';
import { play, useWorld } from './scenario.ts';

let world: World;
useWorld((started) => {
  world = started;
});

it.each(REFUSALS)('%s', async (_, { inputs, trust, at, id, evidence, says, tries = 1 }) => {
  if (trust) world.trust.gcp = trust;
  const { result, main, post, log, later } = await play(world, { with: inputs });
  expect([result.result, main.exitCode, post?.conclusion]).toEqual(['failure', 1, 'success']);
  // Refused once: no answer of the table passes by itself.
  const asked = world.traffic.filter((t) => t.service === 'gcp');
  expect(asked.filter((t) => t.operation === at)).toHaveLength(tries);
  expect(main.annotations.map((a) => a.message)).toEqual([expect.stringMatching(new RegExp(`^\\[${id}\\] `))]);
  expect(log).toContain(evidence);
  if (typeof says === 'string') expect(log).toContain(says);
  else expect(log).toMatch(says);
  // Nothing for later steps, and nothing for post.
  expect([main.exported, main.outputs]).toEqual([{}, { federated: 'false' }]);
  expect(Object.keys(later).filter((name) => /^(GOOGLE_|CLOUDSDK_(?!CORE_CUSTOM_CA)|GCLOUD|GCP)/.test(name))).toEqual(
    [],
  );
  expect(post?.journal.filter((e) => e.kind === 'request')).toEqual([]);
  expect(result.leftovers.filter((file) => file.kind === 'file' && !file.ofRunner)).toEqual([]);
});
