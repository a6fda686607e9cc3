import type { Cloud } from '../src/core/input.ts';
import { turn } from '../src/core/parallel.ts';
import type { Task } from '../src/core/task.ts';
import { loadEach } from '../src/loading.ts';
import { type FakeClock, fakeClock } from './literals/clock.ts';

/** Every piece takes as long, during which nothing else happens. */
const PIECE_MS = 30;

function task(cloud: Cloud, clock: FakeClock, done: string[], broken = false): Task {
  const piece = (what: string) => {
    clock.advance(PIECE_MS);
    done.push(`${what} ${cloud}`);
  };
  return {
    cloud,
    async load() {
      if (broken) throw new Error(`${cloud} cannot be loaded`);
      piece('load');
      return { exchange: async () => ({ cloud }), rehearse: async () => piece('rehearse') };
    },
  } as unknown as Task;
}

function loading(clouds: readonly Cloud[], broken?: Cloud) {
  const clock = fakeClock();
  const done: string[] = [];
  const wire = Promise.withResolvers<void>();
  const minted = Promise.withResolvers<void>();
  const tasks = clouds.map((cloud) => task(cloud, clock, done, cloud === broken));
  const { runs, begun } = loadEach(tasks, clock, { onTheWire: wire.promise, minted: minted.promise });
  const exchange = (cloud: Cloud) =>
    runs.find((run) => run.task.cloud === cloud)?.run.exchange(...([] as unknown as [never, never, never]));
  return { done, wire: wire.resolve, minted: minted.resolve, exchange, begun };
}

/** Long enough for all that may happen without another event. */
async function calm(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

it('begins at once, but no piece that would hold up the requests for tokens', async () => {
  const { done } = loading(['aws', 'vault']);
  await calm();
  expect(done).toEqual(['load vault']);
});

it('goes on once they are on the wire, but begins nothing that would hold up their answers', async () => {
  const { done, wire } = loading(['aws', 'vault']);
  await calm();
  wire();
  await calm();
  expect(done).toEqual(['load vault', 'rehearse vault']);
});

it('loads the rest when the tokens are here, and rehearses nothing any more', async () => {
  const { done, wire, minted, exchange } = loading(['aws', 'azure', 'gcp', 'vault']);
  await calm();
  wire();
  await calm();
  minted();
  await expect(exchange('aws')).resolves.toEqual({ cloud: 'aws' });
  expect(done).toEqual(['load vault', 'rehearse vault', 'load gcp', 'load azure', 'load aws']);
});

it('does not wait for a connection that never comes, once tokens came by another', async () => {
  const { done, minted, exchange } = loading(['aws', 'vault']);
  await calm();
  minted();
  await exchange('aws');
  expect(done).toEqual(['load vault', 'load aws']);
});

it('lets an exchange begin while others still load', async () => {
  const { wire, exchange, done } = loading(['aws', 'vault']);
  await calm();
  wire();
  await expect(exchange('vault')).resolves.toEqual({ cloud: 'vault' });
  expect(done).not.toContain('load aws');
});

it('keeps a failure to load with its own task', async () => {
  const { minted, exchange } = loading(['aws', 'vault'], 'vault');
  minted();
  await expect(exchange('vault')).rejects.toThrow('vault cannot be loaded');
  await expect(exchange('aws')).resolves.toEqual({ cloud: 'aws' });
});

it('tells when all have begun, those that cannot be loaded included', async () => {
  const { minted, exchange, begun, done } = loading(['aws', 'vault'], 'vault');
  const started = exchange('aws')?.then(() => 'exchange');
  minted();
  await begun;
  expect(done).toEqual(['load aws']);
  await expect(Promise.race([started, turn()])).resolves.toBe('exchange');
});
