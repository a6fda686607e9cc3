// A part of another program's file, exchanged while that program may be at it.
import { exchangePart, obtainedUntil } from '../../src/keep-fresh/shared-file.ts';
import { keeperWorld } from '../literals/keeper.ts';

const edit = (content: string, value: string) =>
  content.includes('part') ? content.replace(/part=\w+/, `part=${value}`) : undefined;
const FORM = {
  kind: 'shared',
  folder: 'program',
  name: 'file',
  lock: 'file.lock',
  edit,
  obtained: { name: 'cache', ends: (text?: string) => Number(JSON.parse(text ?? '')) },
} as const;
const FILE = 'program/file';
const LOCK = 'program/file.lock';

function worldWith(contents: Record<string, string>) {
  const world = keeperWorld(() => Promise.reject(new Error('no network')));
  world.disk.contents = contents;
  const exchange = (form: Parameters<typeof exchangePart>[0] = FORM) =>
    exchangePart(form, 'new', '/temp/folder', world);
  return { world, exchange, now: () => world.disk.contents };
}

it('leaves the rest, and no lock', async () => {
  const { exchange, now } = worldWith({ [FILE]: 'a part=old b' });
  expect(await exchange()).toBe(true);
  expect(now()).toEqual({ [FILE]: 'a part=new b' });
});

it('holds the lock from before it reads until after it has written', async () => {
  const { world, exchange } = worldWith({ [FILE]: 'part=old' });
  const seen: unknown[] = [];
  const looking = (content: string, value: string) => {
    seen.push(world.disk.contents?.[LOCK]);
    return edit(content, value);
  };
  await exchange({ ...FORM, edit: looking });
  expect(seen).toEqual(['']);
});

it('waits while the program writes, and edits what that has written', async () => {
  const { world, exchange, now } = worldWith({ [FILE]: 'part=old', [LOCK]: '42 az' });
  world.clock.after(1_000, () => {
    world.disk.contents = { [FILE]: 'part=old and more' };
  });
  expect(await exchange()).toBe(true);
  expect(now()).toEqual({ [FILE]: 'part=new and more' });
});

it('does not wait for ever for a program that was killed, and leaves its lock to it', async () => {
  const { exchange, now, world } = worldWith({ [FILE]: 'part=old', [LOCK]: '42 az' });
  expect(await exchange()).toBe(true);
  expect(now()).toEqual({ [FILE]: 'part=new', [LOCK]: '42 az' });
  expect(world.clock.steady()).toBeLessThan(10_000);
});

it.each([
  ['the part is there no more', { [FILE]: 'nothing' }],
  ['the file is there no more', {}],
])('%s: nothing is put back', async (_, contents) => {
  const { exchange, now } = worldWith({ ...contents });
  expect(await exchange()).toBe(false);
  expect(now()).toEqual(contents);
});

it('rejects where it cannot be edited, as it was and without a lock', async () => {
  const { exchange, now } = worldWith({ [FILE]: 'part=old' });
  const broken = () => {
    throw new SyntaxError('half a file');
  };
  await expect(exchange({ ...FORM, edit: broken })).rejects.toThrow('half a file');
  expect(now()).toEqual({ [FILE]: 'part=old' });
});

it.each([
  ['says', { 'program/cache': '42' }, 42],
  ['does not say, where there is none', {}, undefined],
  ['does not say, in the middle of a write', { 'program/cache': '{' }, undefined],
])('%s until when what the program obtained lives', (_, contents, end) => {
  const { world } = worldWith({ ...contents });
  expect(obtainedUntil(FORM, '/temp/folder', world.files)).toBe(end);
});
