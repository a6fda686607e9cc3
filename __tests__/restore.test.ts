// The table of variables, one row each: what post does with every one that this action may export.
import { deliver } from '../src/core/deliver.ts';
import { openLedger } from '../src/core/keep.ts';
import { mayHoldSecret, VARIABLES } from '../src/core/variables.ts';
import type { World } from '../src/core/world.ts';
import { restoreVariables } from '../src/restore.ts';
import { fixedRandom } from './literals/random.ts';
import { recordingRunner } from './literals/runner.ts';

const OURS = 'the value of this step';
const EARLIER = 'the value before it';

/** Main exports `name`, a later step leaves or changes it, and post restores: what post writes, and how it tells it. */
function restored(name: string, { before, later = OURS }: { before?: string; later?: string }) {
  const random = fixedRandom();
  const main = recordingRunner({ env: before === undefined ? {} : { [name]: before } });
  const ledger = openLedger(main, random);
  const grant = {
    ...{ cloud: 'aws' as const, credentials: [], outputs: [], secretOutputs: [], files: [], remarks: [], warnings: [] },
    variables: [{ name, value: OURS }],
  };
  const delivery = { exportEnv: new Set(['aws' as const]), outputCredentials: new Set<never>() };
  deliver([grant], delivery, '{}', { runner: main, files: {} as never, folder: {} as never, random, ledger });
  const post = recordingRunner({ env: { [name]: later } });
  const files = { guardCommandFiles: () => [] };
  const ended = restoreVariables(ledger.debts, ledger.key, { runner: post, files, random } as unknown as World);
  const [written] = post.of('environment');
  return {
    written: written?.[0],
    told: ended.map((e) => e.outcome),
    masked: post.of('mask').map(([, value]) => value),
  };
}

describe.each(Object.entries(VARIABLES))('%s', (name, afterPost) => {
  it(`that was not set before: ${afterPost}`, () => {
    const { written, told } = restored(name, {});
    expect(written).toEqual(afterPost === 'clear' ? { [name]: '' } : {});
    expect(told).toEqual([{ how: afterPost === 'clear' ? 'restored' : 'left' }]);
  });
  it('that was set before is what it was, masked first if it may be secret', () => {
    const { written, masked } = restored(name, { before: EARLIER });
    expect(written).toEqual({ [name]: EARLIER });
    expect(masked).toEqual(mayHoldSecret(name) ? [EARLIER] : []);
  });
  it('that a later step has changed is left to it', () => {
    expect(restored(name, { before: EARLIER, later: 'of a later step' })).toMatchObject({
      written: {},
      told: [{ how: 'left' }],
    });
  });
});

it.each([
  ['a name that the user chose behind | is emptied', 'APP_PASSWORD', { APP_PASSWORD: '' }],
  ['a name that is never exported is not touched, whatever state says', 'NODE_OPTIONS', {}],
])('%s', (_, name, written) => {
  expect(restored(name, {}).written).toEqual(written);
});
