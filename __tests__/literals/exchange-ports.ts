// The ports of an exchange or an ending over a prepared wire, on a clock that stands still.
import { Budget } from '../../src/core/budget.ts';
import type { EndingPorts } from '../../src/core/ending.ts';
import type { Send } from '../../src/core/http.ts';
import type { ExchangePorts } from '../../src/core/provider.ts';
import { patient } from '../../src/core/retry.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import { fakeFolder, fakeProcesses } from './machine.ts';
import { fixedRandom } from './random.ts';

export function exchangePorts(
  send: Send,
  clock: FakeClock = fakeClock(),
): ExchangePorts & { readonly clock: FakeClock } {
  const random = fixedRandom();
  const budget = new Budget(clock, 120_000);
  return {
    clock,
    random,
    budget,
    send,
    patient: (policy) => patient(send, policy, { clock, random, budget }),
    job: { serverUrl: 'https://github.com', repository: 'octo-org/octo-repo', runId: '42', runAttempt: '1' },
    say: () => {},
    processes: fakeProcesses(),
    folder: fakeFolder(),
  };
}

export function endingPorts(
  send: Send,
  settings: Readonly<Record<string, string>>,
  revoke = true,
  inputs: Readonly<Record<string, string>> = {},
): EndingPorts & { readonly clock: FakeClock } {
  const { clock, budget, patient: patience, job } = exchangePorts(send);
  const saved = { settings: (name: string) => settings[name], reread: (name: string) => inputs[name] };
  return { ...saved, clock, budget, patient: patience, revoke, job, say: () => {} };
}
