import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackgrounds } from '../../src/adapters/background.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'processes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The adapter over this process; `code`: what the keeper's file holds. */
function opened(code = '', env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') {
  const script = join(folder, 'keeper.cjs');
  writeFileSync(script, code);
  const host = { env, execPath: process.execPath, platform, ppid: process.ppid, kill: process.kill.bind(process) };
  return openBackgrounds(host as unknown as NodeJS.Process, script);
}

/** Resolves once the process has gone; its parent reaps it in its own time. */
async function gone(processes: ReturnType<typeof opened>, pid: number, began?: string): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    if (processes.find(pid, began) === 'gone') return true;
    await new Promise((ok) => setTimeout(ok, 10));
  }
  return false;
}

/** Says what it hears, and its environment; lives until it hears the end. */
const ECHO = `
process.stdout.write(JSON.stringify(Object.keys(process.env).sort()) + '\\n');
let text = '';
process.stdin.on('data', (chunk) => { text += chunk; });
process.stdin.on('end', () => { require('fs').writeFileSync('heard', text); });`;

it('starts it with nothing of the environment but what it needs', async () => {
  const env = {
    RUNNER_TEMP: folder,
    RUNNER_TRACKING_ID: 'github_1',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
    INPUT_A: 'x',
    HOME: '/',
    PATH: '/',
  };
  const processes = opened(ECHO, env);
  const keeper = processes.startKeeper();
  expect(JSON.parse((await keeper.firstLine(10_000)) ?? 'null')).toEqual(['RUNNER_TEMP', 'RUNNER_TRACKING_ID']);
  expect(processes.find(keeper.pid, keeper.began)).toBe('there');
  keeper.drop();
  expect(await gone(processes, keeper.pid, keeper.began)).toBe(true);
});

it('hands over one line, whole, however long', async () => {
  const processes = opened(ECHO);
  const keeper = processes.startKeeper();
  await keeper.firstLine(10_000);
  const line = 'x'.repeat(500_000);
  expect(await keeper.release(line)).toBe(true);
  expect(await gone(processes, keeper.pid, keeper.began)).toBe(true);
  const { readFileSync } = await import('node:fs');
  expect(readFileSync(join(folder, 'heard'), 'utf8')).toBe(`${line}\n`);
});

describe('one that is not as it should be', () => {
  it.each([
    ['ends at once', 'process.exit(3)'],
    ['says nothing', 'process.stdout.end(); process.stdin.resume()'],
    ['says no line', 'process.stdout.write("x".repeat(10000)); process.stdin.resume()'],
  ])('%s: there is no first line', async (_, code) => {
    const keeper = opened(code).startKeeper();
    expect(await keeper.firstLine(10_000)).toBeUndefined();
    keeper.drop();
  });

  it('hangs: there is none in time', async () => {
    const keeper = opened('process.stdin.resume()').startKeeper();
    expect(await keeper.firstLine(20)).toBeUndefined();
    keeper.drop();
  });

  it('cannot be started: there is none, and nothing is thrown', async () => {
    const host = {
      env: {},
      execPath: join(folder, 'no-node'),
      platform: 'linux',
      ppid: 0,
      kill: process.kill.bind(process),
    };
    const keeper = openBackgrounds(host as unknown as NodeJS.Process, join(folder, 'keeper.cjs')).startKeeper();
    expect(await keeper.firstLine(10_000)).toBeUndefined();
    expect(await keeper.release('line')).toBe(false);
  });

  it('has ended before it is handed the line: that is told', async () => {
    const processes = opened('process.stdout.write("ready\\n", () => process.exit())');
    const keeper = processes.startKeeper();
    await keeper.firstLine(10_000);
    expect(await gone(processes, keeper.pid, keeper.began)).toBe(true);
    expect(await keeper.release('line')).toBe(false);
  });
});

describe('find', () => {
  it.each<[string, NodeJS.Platform, string | undefined, string]>([
    ['this process by a beginning of another', 'linux', '1', 'gone'],
    ['this process without a beginning', 'linux', undefined, 'unsure'],
    ['this process where the machine does not tell', 'darwin', '1', 'unsure'],
    ['this process on Windows', 'win32', undefined, 'unsure'],
  ])('%s', (_, platform, began, expected) => {
    expect(opened('', {}, platform).find(process.pid, began)).toBe(expected);
  });

  it('takes one that has ended for gone, though its parent has not taken note', async () => {
    const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(String((await once(parent.stdout, 'data'))[0]));
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    const began = stat()[19];
    while (stat()[0] !== 'Z') await new Promise((go) => setTimeout(go, 20));
    expect(opened().find(pid, began)).toBe('gone');
    parent.kill();
  });

  it('tells two processes apart by when they began, and who started this one', () => {
    const processes = opened();
    const parent = processes.parent();
    expect(parent?.pid).toBe(process.ppid);
    expect(parent && processes.find(parent.pid, parent.began)).toBe('there');
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    expect(processes.find(child.pid ?? 0, parent?.began)).toBe('gone');
    processes.kill(child.pid ?? 0);
    processes.kill(2 ** 22 + 1); // nobody: no error
  });
});
