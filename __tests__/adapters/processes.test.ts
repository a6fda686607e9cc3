// Programs as they really run: the children of this file are real ones.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProcesses } from '../../src/adapters/processes.ts';
import type { Disk } from '../../src/adapters/search-path.ts';
import type { Program, RunTerms, Wanted } from '../../src/core/ports.ts';
import { runs } from '../e2e/az/machine.ts';
import { until } from '../e2e/interrupted.ts';

const AZ: Wanted = {
  name: 'az',
  batches: [
    { file: 'az.cmd', program: '..\\python.exe', args: ['-IBm', 'azure.cli'] },
    { file: 'az.bat', program: 'python.exe', args: ['-m', 'azure.cli'] },
  ],
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'processes-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const processes = (env: Record<string, string> = {}) => openProcesses((name) => env[name], 'linux');

/** A program in a folder below the test's own; its path. */
function place(path: string, mode = 0o755, text = '#!/bin/sh\n'): string {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('a program is found', () => {
  it('in the first folder of PATH that holds one which may be run', async () => {
    place('a/az', 0o644);
    const file = place('b/az');
    place('c/az');
    mkdirSync(join(root, 'd/az'), { recursive: true });
    const PATH = ['d', 'a', 'b', 'c'].map((folder) => join(root, folder)).join(':');
    expect(await processes({ PATH }).find(AZ)).toEqual({ file, args: [] });
  });

  it('once: what is planted later changes nothing', async () => {
    const file = place('b/az');
    const found = processes({ PATH: `${join(root, 'a')}:${join(root, 'b')}` });
    await found.find(AZ);
    place('a/az');
    expect(await found.find(AZ)).toEqual({ file, args: [] });
  });

  it.each<[string, (workspace: string) => string]>([
    ['a relative folder', () => 'bin:./bin:.'],
    ['an empty entry, which stands for the working folder', () => '::'],
    ['the workspace', (workspace) => join(workspace, 'bin')],
    ['the workspace itself', (workspace) => workspace],
    ['the workspace by another way', (workspace) => join(workspace, '..', 'repo', 'bin')],
    ['a link into the workspace', (workspace) => join(workspace, '..', 'link')],
    ['a folder with a link to a file of the workspace', (workspace) => join(workspace, '..', 'links')],
  ])('never in %s', async (_, path) => {
    const workspace = join(root, 'repo');
    place('repo/bin/az');
    place('repo/az');
    symlinkSync(join(workspace, 'bin'), join(root, 'link'));
    mkdirSync(join(root, 'links'));
    symlinkSync(join(workspace, 'bin/az'), join(root, 'links/az'));
    const here = process.cwd();
    process.chdir(workspace);
    try {
      const env = { PATH: path(workspace), GITHUB_WORKSPACE: workspace };
      expect(await processes(env).find(AZ)).toBeUndefined();
    } finally {
      process.chdir(here);
    }
  });

  it('beside a workspace whose name begins alike', async () => {
    const file = place('repo-tools/az');
    mkdirSync(join(root, 'repo'));
    const env = { PATH: join(root, 'repo-tools'), GITHUB_WORKSPACE: join(root, 'repo') };
    expect((await processes(env).find(AZ))?.file).toBe(file);
  });
});

describe('on Windows', () => {
  const on = (files: readonly string[], env: Record<string, string>) => {
    const disk: Disk = {
      runs: (path) => files.includes(path),
      real: (path) => path,
    };
    return openProcesses((name) => env[name], 'win32', disk).find(AZ);
  };
  const WBIN = 'C:\\Program Files\\Microsoft SDKs\\Azure\\CLI2\\wbin';

  it('a batch file is not started: what it starts is', async () => {
    const python = 'C:\\Program Files\\Microsoft SDKs\\Azure\\CLI2\\python.exe';
    const found = await on([`${WBIN}\\az.cmd`, python], { PATH: `C:\\Windows;${WBIN}` });
    expect(found).toEqual({ file: python, args: ['-IBm', 'azure.cli'] });
  });

  it("pip's too", async () => {
    const found = await on(['D:\\venv\\Scripts\\az.bat', 'D:\\venv\\Scripts\\python.exe'], {
      PATH: 'D:\\venv\\Scripts',
    });
    expect(found).toEqual({ file: 'D:\\venv\\Scripts\\python.exe', args: ['-m', 'azure.cli'] });
  });

  it('a batch file without its interpreter is none, and one in the workspace neither, in whatever case', async () => {
    expect(await on([`${WBIN}\\az.cmd`], { PATH: WBIN })).toBeUndefined();
    const planted = ['D:\\a\\repo\\bin\\az.cmd', 'D:\\a\\repo\\python.exe'];
    expect(await on(planted, { PATH: 'd:\\A\\REPO\\bin', GITHUB_WORKSPACE: 'D:\\a\\repo' })).toBeUndefined();
    expect(await on(planted, { PATH: '.;bin' })).toBeUndefined();
  });
});

const node: Program = { file: process.execPath, args: ['-e'] };

function terms(changes: Partial<RunTerms> = {}): RunTerms {
  return { env: {}, cwd: root, timeoutMs: 30_000, signal: new AbortController().signal, ...changes };
}

describe('a program that runs', () => {
  it('gives its exit status and what it printed', async () => {
    const ran = await processes().run(
      node,
      ["process.stderr.write('no'); console.log('yes'); process.exitCode = 7"],
      terms(),
    );
    expect(ran).toEqual({ how: 'exited', status: 7, output: 'yes\n', errors: 'no' });
  });

  it('is given its arguments as they are: no shell reads them', async () => {
    const words = ['$(touch x)', '; touch x', '"', "'", '*', 'a b'];
    const ran = await processes().run(node, ['console.log(JSON.stringify(process.argv.slice(1)))', ...words], terms());
    expect(JSON.parse(ran.output)).toEqual(words);
    expect(existsSync(join(root, 'x'))).toBe(false);
  });

  it('is given the least of the environment: no token, no input, no code for its interpreter', async () => {
    const env = {
      PATH: '/usr/bin:.:/bin',
      HOME: '/home/me',
      HTTPS_PROXY: 'http://proxy:1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
      ACTIONS_RUNTIME_TOKEN: 'secret',
      'INPUT_GITHUB-TOKEN': 'secret',
      STATE_WORKLOAD_IDENTITY: 'secret',
      GITHUB_TOKEN: 'secret',
      NODE_OPTIONS: '--require /evil.js',
      LD_PRELOAD: '/evil.so',
      PYTHONPATH: '/evil',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const ran = await processes(env).run(
      node,
      ['console.log(JSON.stringify(process.env))'],
      terms({ env: { OWN: '1' } }),
    );
    expect(JSON.parse(ran.output)).toEqual({
      PATH: '/usr/bin:/bin',
      HOME: '/home/me',
      HTTPS_PROXY: 'http://proxy:1',
      OWN: '1',
    });
  });

  it('has nothing to read', async () => {
    const ran = await processes().run(node, ["process.stdin.on('end', () => console.log('end')).resume()"], terms());
    expect(ran.output).toBe('end\n');
  });

  it('may print four megabytes, and is killed for more', async () => {
    const print = (times: number) => [`process.stdout.write('x'.repeat(1024 * 1024 * ${times}))`];
    expect((await processes().run(node, print(3), terms())).output).toHaveLength(3 * 1024 * 1024);
    expect((await processes().run(node, print(6), terms())).how).toBe('too-large');
  });

  it.each<[string, Program]>([
    ['is not there', { file: '/nowhere/az', args: [] }],
    ['is a folder', { file: '/tmp', args: [] }],
  ])('but %s, is an ending of its own', async (_, program) => {
    expect(await processes().run(program, ['x'], terms())).toMatchObject({
      how: 'not-started',
      code: expect.any(String),
    });
  });

  it('but holds what the system cannot run, fails', async () => {
    const file = place('broken', 0o755, '\u007fELF nothing');
    const ran = await processes().run({ file, args: [] }, ['login'], terms());
    expect([ran.how, ran.status === 0]).toEqual(['exited', false]);
  });
});

describe('a program that does not end', () => {
  /** A shell whose child writes its own id, and both wait for ever. */
  const family: Program = { file: '/bin/sh', args: ['-c'] };
  const script = () => [
    `${process.execPath} -e 'require("fs").writeFileSync("child", String(process.pid)); setInterval(() => {}, 60000)'; true`,
  ];
  const child = () => Number(readFileSync(join(root, 'child'), 'utf8'));
  const born = () => until(() => existsSync(join(root, 'child')) && child() > 0);

  it('is killed when its time is over, with all that it started', async () => {
    const ran = await processes().run(family, script(), terms({ timeoutMs: 2_000 }));
    expect(ran.how).toBe('timeout');
    expect(runs(child())).toBe(false);
  });

  it('is killed when it is stopped, with all that it started', async () => {
    const stop = new AbortController();
    const running = processes().run(family, script(), terms({ signal: stop.signal }));
    await born();
    stop.abort();
    expect((await running).how).toBe('stopped');
    await until(() => !runs(child()));
  });

  it('is not started when it was stopped before', async () => {
    expect((await processes().run(family, script(), terms({ signal: AbortSignal.abort() }))).how).toBe('stopped');
    expect(existsSync(join(root, 'child'))).toBe(false);
  });

  it('leaves none behind that it started and did not wait for', async () => {
    const behind = [
      `${process.execPath} -e 'require("fs").writeFileSync("child", String(process.pid)); setInterval(() => {}, 60000)' & while [ ! -s child ]; do sleep 0.05; done`,
    ];
    const ran = await processes({ PATH: '/usr/bin:/bin' }).run(family, behind, terms());
    expect(ran).toMatchObject({ how: 'exited', status: 0 });
    await until(() => !runs(child()));
  });

  it('is not waited for when what it left is out of reach', async () => {
    const away = `require('child_process').spawn(process.execPath, ['-e', 'require("fs").writeFileSync("child", String(process.pid)); setTimeout(() => {}, 20000)'], { detached: true, stdio: 'inherit' }).unref(); setInterval(() => { if (require('fs').existsSync('child')) process.exit(0) }, 20)`;
    const ran = await processes().run(node, [away], terms());
    expect(ran).toMatchObject({ how: 'exited', status: 0 });
    expect(runs(child())).toBe(true);
    process.kill(child(), 'SIGKILL');
  });

  it('is killed afterwards, by its id, if it was given our mark; else it is somebody else', async () => {
    const pids: number[] = [];
    const given = { env: { MARK: 'workload-identity-1' }, onStart: (id: number) => void pids.push(id) };
    const running = processes().run(family, script(), terms(given));
    await born();
    const [pid = 0] = pids;
    await processes().endStray(pid, 'workload-identity-2');
    expect(runs(pid)).toBe(true);
    await processes().endStray(pid, 'workload-identity-1');
    expect(await running).toMatchObject({ how: 'exited', status: -1 });
    await until(() => !runs(child()));
    await processes().endStray(pid, 'workload-identity-1');
  });
});
