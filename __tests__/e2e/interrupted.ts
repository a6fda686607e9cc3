// What tests of a main that was stopped have in common: where it is stopped, and what may be left behind it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Entry } from '../../sandbox/ledger.ts';
import type { Traffic } from '../../sandbox/service.ts';
import type { World } from '../../sandbox/world.ts';
import type { Played } from './scenario.ts';

/** The n-th entry of a kind in main's journal; with `after`, the one behind it. */
export interface Point {
  /** `mask` and `line` are what is printed, `state` and `env` what is written to GITHUB_STATE and GITHUB_ENV, `fs` all other files. */
  readonly kind: 'mask' | 'line' | 'state' | 'env' | 'fs' | 'connect' | 'request';
  readonly n: number;
  readonly after?: true;
}

/** Variables of the machine that stop main at a point: see stop-main.ts. With a `marker` it pauses there, else it is killed. */
export function stopsMain({ kind, n, after }: Point, marker?: string): Record<string, string> {
  const module = new URL('./stop-main.ts', import.meta.url);
  module.search = new URLSearchParams({
    ...{ kind, n: String(n), how: marker === undefined ? 'kill' : 'pause' },
    ...(after && { after: '' }),
    ...(marker !== undefined && { marker }),
  }).toString();
  return { NODE_OPTIONS: `--import ${module.href}` };
}

/** Resolves once `met` is; rejects when it never was for as long as a run may take. */
export async function until(met: () => boolean): Promise<void> {
  for (let tries = 0; tries < 6_000; tries++) {
    if (met()) return;
    await pause(3);
  }
  throw new Error('what was waited for did not happen');
}

/** Whether the world had a request to that operation; with `outcome` and `path`, only one of these. */
export function asked(world: World, operation: string, outcome?: Traffic['outcome'], path = /^/): boolean {
  return world.traffic.some(
    (t) => t.operation === operation && path.test(t.call.path) && (outcome === undefined || t.outcome === outcome),
  );
}

/**
 * Kinds of what was issued since the ledger had `since` entries, could be ended, and is still alive. What ends in the server's own time
 * gets that time.
 */
export async function alive(world: World, since: number, expected: readonly string[]): Promise<string[]> {
  const found = () => owed(world, since).map((entry) => entry.kind);
  for (let tries = 0; tries < 100 && found().length > expected.length; tries++) await pause(20);
  return found();
}

export function owed(world: World, since: number): Entry[] {
  return world.ledger
    .all()
    .slice(since)
    .filter((entry) => entry.revocable && world.ledger.alive(entry));
}

/** Whether main wrote an entry down: its secret or its id is in the state. */
export function recorded({ main }: Played, { id, secrets }: Entry): boolean {
  const state = Object.values(main.state).join('\n');
  return [id, ...secrets].some((value) => state.includes(value));
}

/** So that no later test counts it. */
export function setAside(world: World, since: number): void {
  for (const entry of owed(world, since)) world.ledger.end(entry, 'expired');
}

/** Names that still hold a value behind the post step, of those that main exported. */
export function stillSet({ main, post }: Played): string[] {
  const env = { ...main.exported, ...post?.exported };
  return Object.keys(env)
    .filter((name) => env[name] !== '')
    .sort();
}
