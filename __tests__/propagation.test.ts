import { Failure } from '../src/core/failure.ts';
import type { Grant } from '../src/core/grant.ts';
import type { Cloud } from '../src/core/input.ts';
import type { Identities } from '../src/core/provider.ts';
import type { Task } from '../src/core/task.ts';
import { outlast, outlastEach } from '../src/propagation.ts';
import { lags as azureLags } from '../src/providers/azure/refusal.ts';
import { lags as gcpLags } from '../src/providers/gcp/refusal.ts';
import { exchangePorts } from './literals/exchange-ports.ts';
import { identities } from './literals/identity.ts';
import { recordingKeep } from './literals/keep.ts';
import { recordingRunner } from './literals/runner.ts';

const NEW = new Failure('azure/refused', 'Entra refused the token: AADSTS700213', { code: 'AADSTS700213' });
const WRONG = new Failure('azure/refused', 'Entra refused the token: AADSTS7000112', { code: 'AADSTS7000112' });
const GRANT = { cloud: 'azure' } as Grant;

function task(cloud: Cloud = 'azure'): Task {
  const plan = { audiences: { exchange: 'a', file: 'a' }, hosts: [], summary: '' };
  return { cloud, title: cloud, plan, lags: async (failure: Failure) => failure === NEW } as unknown as Task;
}
const unreachable = async () => {
  throw new Error('nothing is sent here');
};

/** An exchange that is refused with these, one after another, and then granted. */
function setting(refusals: readonly unknown[], seconds = 300) {
  const ports = exchangePorts(unreachable);
  const said: string[] = [];
  const seen: string[] = [];
  const tokens = identities();
  const run = async (as: Identities) => {
    const attempt = seen.push(`${as.get('exchange').token.reveal()} ${as.get('file').token.reveal()}`);
    if (attempt <= refusals.length) throw refusals[attempt - 1];
    return GRANT;
  };
  const going = { ports: { ...ports, say: (line: string) => void said.push(line) }, propagationWait: seconds };
  return { ports, said, seen, tokens, start: () => outlast(task(), run, tokens, going) };
}

describe('a refusal that a new trust causes', () => {
  it('is repeated until it is granted, each time with new tokens for every use', async () => {
    const { start, seen, tokens, said } = setting([NEW, NEW]);
    await expect(start()).resolves.toBe(GRANT);
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
    expect(tokens.renewals).toEqual(['exchange', 'file', 'exchange', 'file']);
    expect(said).toEqual([expect.stringMatching(/AADSTS700213.*up to 5m \(propagation-wait\)/)]);
  });

  it('is waited out with growing pauses, each of a random length', async () => {
    const { start, ports } = setting([NEW, NEW, NEW, NEW, NEW, NEW, NEW]);
    await start();
    const { sleeps } = ports.clock;
    expect(sleeps).toHaveLength(7);
    for (const [i, ms] of sleeps.entries()) {
      const whole = Math.min(20_000, 2_000 * 2 ** i);
      expect(ms).toBeGreaterThanOrEqual(whole / 2);
      expect(ms).toBeLessThanOrEqual(whole);
    }
  });

  it('is told at the first wait and about once a minute, and at the end that it is none', async () => {
    const { start, said, ports } = setting(
      Array.from({ length: 100 }, () => NEW),
      180,
    );
    ports.budget.cut.addEventListener('abort', () => {});
    await expect(start()).rejects.toBe(NEW);
    expect(said[0]).toContain('while a trust is new');
    expect(said.at(-1)).toContain('refused this job');
    // The budget of these ports is two minutes: it bounds the three of the wait.
    expect(said.slice(1, -1)).toEqual([expect.stringContaining('still refuses')]);
  });

  it.each([
    [90, 90_000],
    [600, 120_000],
  ])('is given up after %s s, or when the time of the step is over', async (seconds, most) => {
    const { start, ports } = setting(
      Array.from({ length: 100 }, () => NEW),
      seconds,
    );
    const begun = ports.clock.now();
    await expect(start()).rejects.toBe(NEW);
    expect(ports.clock.now() - begun).toBeLessThanOrEqual(most);
    expect(ports.clock.now() - begun).toBeGreaterThan(most - 21_000);
  });

  it.each<[string, (ports: ReturnType<typeof exchangePorts>) => void]>([
    ['the job is cancelled', (ports) => ports.budget.cancel()],
    ['another cloud refuses for good', (ports) => ports.budget.abandon()],
  ])('is not repeated any more when %s', async (_, stop) => {
    const { start, ports, seen, tokens } = setting([NEW, NEW]);
    const waiting = start();
    stop(ports);
    await expect(waiting).rejects.toBe(NEW);
    expect(seen).toHaveLength(1);
    expect(tokens.renewals).toEqual([]);
  });
});

it.each([
  ['a refusal of another kind', WRONG],
  ['a fault', new Error('reset')],
])('%s is not repeated', async (_, refusal) => {
  const { start, seen } = setting([refusal]);
  await expect(start()).rejects.toBe(refusal);
  expect(seen).toHaveLength(1);
});

describe('several clouds', () => {
  /** Azure waits `waits` pauses; the other cloud is granted at once. */
  async function together(waits: number, other: Task) {
    const ports = exchangePorts(unreachable);
    const counts = new Map<string, number>();
    const runOf = (one: Task, refusals: number) => ({
      task: one,
      run: {
        rehearse: async () => {},
        exchange: async () => {
          const attempt = (counts.get(one.cloud) ?? 0) + 1;
          counts.set(one.cloud, attempt);
          if (attempt <= refusals) throw NEW;
          return { cloud: one.cloud, serial: attempt } as unknown as Grant;
        },
      },
    });
    const outcomes = await outlastEach(
      [runOf(other, 0), runOf(task(), waits)],
      new Map([
        [other.cloud, identities()],
        ['azure' as const, identities()],
      ]),
      { ports, keep: recordingKeep(), runner: recordingRunner(), propagationWait: 110, begun: Promise.resolve() },
    );
    return { outcomes, counts };
  }

  it('that wait long: who has given an identity token away exchanges again, so that it is not old', async () => {
    const { counts, outcomes } = await together(8, task('gcp'));
    expect(Object.fromEntries(counts)).toEqual({ azure: 9, gcp: 2 });
    expect(outcomes).toEqual([{ grant: { cloud: 'gcp', serial: 2 } }, { grant: { cloud: 'azure', serial: 9 } }]);
  });
  it('that wait shortly exchange once', async () => {
    const { counts } = await together(2, task('gcp'));
    expect(counts.get('gcp')).toBe(1);
  });
  it('of which one gives no identity token away: it exchanges once', async () => {
    const aws = { ...task('aws') } as { lags?: Task['lags'] };
    delete aws.lags;
    const { counts } = await together(8, aws as Task);
    expect(counts.get('aws')).toBe(1);
  });
});

describe('what may pass by itself', () => {
  it.each([
    [70021, true],
    [700211, true],
    [700212, true],
    [700213, true],
    [70025, true],
    [700016, true],
    [7002138, false],
    [700024, false],
    [90002, false],
    [7000112, false],
  ])('at Entra: AADSTS%s %s', (code, passes) => {
    expect(azureLags(new Failure('azure/refused', 'm', { code: `AADSTS${code}` }))).toBe(passes);
  });
  it.each([
    ['gcp/refused', 'invalid_target', '', true],
    ['gcp/refused', 'unauthorized_client', 'The given credential is rejected by the attribute condition.', false],
    ['gcp/refused', 'invalid_grant', '', false],
    [
      'gcp/impersonation-refused',
      'PERMISSION_DENIED',
      "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
      true,
    ],
    [
      'gcp/impersonation-refused',
      'PERMISSION_DENIED',
      'IAM Service Account Credentials API has not been used in project 1 before',
      false,
    ],
    ['gcp/impersonation-refused', 'NOT_FOUND', '', false],
  ])('at Google: %s %s %s: %s', (id, code, said, passes) => {
    expect(gcpLags(new Failure(id, 'm', { code, said }))).toBe(passes);
  });
});
