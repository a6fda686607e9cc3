// Plays a row of the table against a server, wherever it is: the emulated one in this process, or a real one behind HTTP.
import type { Flavour } from '../../../sandbox/vault/trust.ts';
import { mint } from './job.ts';
import type { Ask, Row, Step } from './requests.ts';

export interface Sent {
  readonly method: string;
  /** With `/v1/` and query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Got {
  readonly status: number;
  readonly body: string;
}

/** What a row needs of the world around the server. */
export interface Stage {
  send(request: Sent): Promise<Got>;
  /** Seconds since the epoch, as the server has it. */
  now(): number;
  databaseDown(): Promise<void>;
  pass(seconds: number): void;
}

/** Runs the login and the steps before, then asks; answers with what came back. A step that should prepare and fails, throws. */
export async function play(row: Row, stage: Stage): Promise<Got> {
  const saved: Record<string, string> = { jwt: mint(row.mint ?? {}, stage.now()) };
  if (row.as) {
    const headers = row.namespace ? { 'x-vault-namespace': row.namespace } : {};
    const enter: Step = {
      method: 'POST',
      path: 'auth/jwt/login',
      body: { role: row.as, jwt: '{jwt}' },
      headers,
      save: { token: 'auth.client_token' },
    };
    await prepare(enter, saved, stage);
  }
  for (const step of row.before ?? []) {
    if (step === 'database down') await stage.databaseDown();
    else if ('seconds' in step) stage.pass(step.seconds);
    else await prepare(step, saved, stage);
  }
  return stage.send(filled(row.ask, saved));
}

async function prepare(step: Step, saved: Record<string, string>, stage: Stage): Promise<void> {
  const got = await stage.send(filled(step, saved));
  for (const [name, place] of Object.entries(step.save ?? {})) {
    const value = at(JSON.parse(got.body || '{}'), place);
    if (typeof value !== 'string' || value === '')
      throw new Error(`${step.path} gave no ${place}: ${got.status} ${got.body}`);
    saved[name] = value;
  }
}

function filled(ask: Ask, saved: Readonly<Record<string, string>>): Sent {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => saved[name] ?? whole);
  const token = saved.token && !ask.anonymous ? { 'x-vault-token': saved.token } : {};
  const given = Object.fromEntries(Object.entries(ask.headers ?? {}).map(([name, value]) => [name, fill(value)]));
  return {
    method: ask.method,
    path: `/v1/${fill(ask.path)}`,
    headers: { ...token, ...given },
    body: ask.text ?? (ask.body === undefined ? '' : fill(JSON.stringify(ask.body))),
  };
}

/** The value at a place of the form `data.keys.0`; a key with dots or slashes in it is found where it stands whole. */
export function at(value: unknown, place: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const object = value as Record<string, unknown>;
  if (Object.hasOwn(object, place)) return object[place];
  const dot = place.indexOf('.');
  return dot < 0 ? undefined : at(object[place.slice(0, dot)], place.slice(dot + 1));
}

/** Everything in which an answer differs from what its row demands. */
export function differences(row: Row, got: Got, flavour: Flavour): string[] {
  const found: string[] = [];
  const status = typeof row.status === 'number' ? row.status : row.status[flavour];
  if (got.status !== status) found.push(`status ${got.status} instead of ${status}: ${got.body}`);
  const body: unknown = got.body === '' ? {} : JSON.parse(got.body);
  const errors = row.errors && 'vault' in row.errors ? row.errors[flavour] : row.errors;
  if (errors !== undefined)
    compare('errors', errors instanceof RegExp ? at(body, 'errors.0') : at(body, 'errors'), errors, found);
  for (const [place, expected] of Object.entries(row.holds ?? {})) compare(place, at(body, place), expected, found);
  return found;
}

function compare(place: string, actual: unknown, expected: unknown, found: string[]): void {
  const right =
    expected instanceof RegExp
      ? actual !== undefined && expected.test(String(actual))
      : sorted(actual) === sorted(expected);
  if (!right)
    found.push(
      `${place} is ${JSON.stringify(actual)} instead of ${expected instanceof RegExp ? expected : JSON.stringify(expected)}`,
    );
}

/** JSON with every object's keys in order. */
function sorted(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
