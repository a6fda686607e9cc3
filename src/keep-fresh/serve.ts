// The keeper's story: listen, be commissioned, keep fresh. A keeper that is not commissioned ends: a main that was killed, cancelled or refused
// leaves none. Until then it loads no more than main waits for.
import type { KeeperWorld } from '../core/keeper-world.ts';
import { readCommission } from './commission.ts';
import { Counter } from './counter.ts';

/** Runs the keeper. Never rejects. */
export async function serve(world: KeeperWorld): Promise<void> {
  const counter = new Counter(world.clock, world.random);
  const server = await world.listen((call) => counter.answer(call));
  try {
    world.say(JSON.stringify({ port: server.port }));
    const line = await world.commission();
    const commission = line === undefined ? undefined : readCommission(line);
    const folder = commission && world.files.findFolder(commission.folder);
    if (commission && folder) await (await import('./tend.ts')).tend(commission, folder, counter, world);
  } finally {
    server.close();
  }
}
