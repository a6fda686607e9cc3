import { existsSync, readFileSync } from 'node:fs';
import type { Running } from '../../../sandbox/runner/process.ts';
import { cleanUp, javaScriptAction, play, printed, step } from './fixture.ts';

afterEach(cleanUp);

/** Main saves state and exports, then waits; a signal makes it print a word if it listens. */
const waiting = (listen: string) =>
  javaScriptAction({
    main: `${listen}
      put('STATE', 'owed=lease-1'); put('ENV', 'EXPORTED=yes'); say('ready'); setInterval(() => {}, 1000);`,
    post: `say('post', process.env.STATE_owed, process.env.EXPORTED)`,
  });

const quits = `process.on('SIGINT', () => { put('STATE', 'owed=lease-2'); say('interrupted'); process.exit(0); });`;
const deaf = `process.on('SIGINT', () => say('SIGINT'));`;
const deafToBoth = `${deaf} process.on('SIGTERM', () => say('SIGTERM'));`;

describe('a cancelled run', () => {
  it.each<[what: string, listen: string, said: string[], exitCode: number, owed: string]>([
    ['dies of SIGINT', '', ['ready'], 130, 'lease-1'],
    ['ends by itself on SIGINT: still cancelled', quits, ['ready', 'interrupted'], 0, 'lease-2'],
    ['ignores SIGINT and dies of SIGTERM', deaf, ['ready', 'SIGINT'], 143, 'lease-1'],
    ['ignores both and is killed', deafToBoth, ['ready', 'SIGINT', 'SIGTERM'], 137, 'lease-1'],
  ])('%s', async (_, listen, said, exitCode, owed) => {
    const user = new AbortController();
    const result = await play(
      `
- uses: o/a@v1
- run: echo skipped
- run: echo "always $EXPORTED"
  if: always()
- run: echo "cancelled"
  if: cancelled()
- run: echo "failed"
  if: failure()`,
      {
        actions: { 'o/a@v1': waiting(listen) },
        cancel: user.signal,
        graces: { interrupt: 300, terminate: 300 },
        hooks: { onRawLine: (_step, _stream, line) => void (line === 'ready' && user.abort()) },
      },
    );
    const main = step(result, 'Run o/a@v1');
    expect(main.stdout.trim().split('\n')).toEqual(said);
    expect(main).toMatchObject({ outcome: 'cancelled', exitCode, state: { owed } });
    expect(main.log.at(-1)).toBe('##[error]The operation was canceled.');
    expect(step(result, 'Post Run o/a@v1').stdout).toBe(`post ${owed} yes\n`);
    expect(printed(result.log).filter((l) => /^(always|cancelled|failed|skipped)/.test(l))).toEqual([
      'always yes',
      'cancelled',
    ]);
    expect(result.result).toBe('cancelled');
  });

  it('lets a step go on whose condition still holds', async () => {
    const user = new AbortController();
    const result = await play(`- run: echo ready; sleep 0.3; echo done\n  if: always()\n- run: echo never`, {
      cancel: user.signal,
      hooks: { onRawLine: (_step, _stream, line) => void (line === 'ready' && user.abort()) },
    });
    expect(result.steps.map((s) => s.conclusion)).toEqual(['success', 'skipped']);
    expect(printed(result.log)).toContain('done');
    expect(result.result).toBe('cancelled');
  });

  it('lets a post stage go on that runs when the user cancels', async () => {
    const user = new AbortController();
    const action = javaScriptAction({ main: '', post: `say('ready'); setTimeout(() => say('revoked'), 200)` });
    const result = await play('- uses: o/a@v1', {
      actions: { 'o/a@v1': action },
      cancel: user.signal,
      hooks: { onRawLine: (_step, _stream, line) => void (line === 'ready' && user.abort()) },
    });
    expect(step(result, 'Post Run o/a@v1')).toMatchObject({ outcome: 'success', stdout: 'ready\nrevoked\n' });
  });

  it('was cancelled before it began: nothing runs', async () => {
    const result = await play('- run: echo x', { cancel: AbortSignal.abort() });
    expect(result).toMatchObject({ result: 'cancelled', steps: [] });
  });
});

describe('a step that ends badly', () => {
  it('is killed: what it had appended counts, and post runs', async () => {
    let main: Running | undefined;
    const result = await play('- uses: o/a@v1\n- run: echo "$EXPORTED"\n  if: always()', {
      actions: { 'o/a@v1': waiting('') },
      hooks: {
        onStart: (view, process) => {
          if (view.kind === 'main') main = process;
        },
        onRawLine: (_view, _stream, line) => void (line === 'ready' && main?.kill('SIGKILL')),
      },
    });
    expect(step(result, 'Run o/a@v1')).toMatchObject({ outcome: 'failure', exitCode: 137, state: { owed: 'lease-1' } });
    expect(step(result, 'Post Run o/a@v1').stdout).toBe('post lease-1 yes\n');
    expect(printed(result.log)).toContain('yes');
    expect(result.result).toBe('failure');
  });

  it('throws: the same', async () => {
    const action = javaScriptAction({
      main: `put('STATE', 'a=1'); throw new Error('broken');`,
      post: `say('post', process.env.STATE_a)`,
    });
    const result = await play('- uses: o/a@v1', { actions: { 'o/a@v1': action } });
    expect(step(result, 'Run o/a@v1')).toMatchObject({ outcome: 'failure', exitCode: 1 });
    expect(step(result, 'Run o/a@v1').stderr).toContain('Error: broken');
    expect(step(result, 'Post Run o/a@v1').stdout).toBe('post 1\n');
  });

  it('runs out of time', async () => {
    const result = await play('- uses: o/a@v1\n  timeout-minutes: 2\n- run: echo after\n  if: failure()', {
      actions: { 'o/a@v1': waiting('') },
      graces: { minute: 200, interrupt: 1_000, terminate: 1_000 },
    });
    const main = step(result, 'Run o/a@v1');
    expect(main.outcome).toBe('failure');
    expect(main.log.at(-1)).toBe("##[error]The action 'Run o/a@v1' has timed out after 2 minutes.");
    expect(printed(result.log)).toContain('after');
    // The post stage has the same limit, but its own clock.
    expect(step(result, 'Post Run o/a@v1').outcome).toBe('success');
    expect(result.result).toBe('failure');
  });

  it('cannot be started', async () => {
    const result = await play('- run: echo x\n  working-directory: nowhere');
    expect(result.steps[0]?.outcome).toBe('failure');
    expect(result.log.join('\n')).toMatch(
      /An error occurred trying to start process '.*bash' with working directory '.*nowhere'\. No such file or directory/,
    );
  });
});

describe('processes that a step leaves behind', () => {
  const spawning = (stdio: string) => `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { detached: true, stdio: '${stdio}' });
    child.unref(); fs.writeFileSync(process.env.RUNNER_TEMP + '/pid', String(child.pid)); process.exit(0);`;

  it('live through later steps and posts, and are ended with the job', async () => {
    const alive = 'kill -0 $(cat "$RUNNER_TEMP/pid") && echo alive';
    const action = javaScriptAction({
      main: spawning('ignore'),
      post: `process.kill(Number(fs.readFileSync(process.env.RUNNER_TEMP + '/pid')), 0); say('alive in post')`,
    });
    const result = await play(`- uses: o/a@v1\n- run: ${alive}`, { actions: { 'o/a@v1': action } });
    expect(printed(result.log)).toEqual(expect.arrayContaining(['alive', 'alive in post']));
    const pid = result.leftovers.find((l) => l.path.endsWith('/pid'))?.content.toString();
    expect(result.log.at(-1)).toMatch(new RegExp(`^Terminate orphan process: pid \\(${pid}\\)`));
    await gone(pid);
  });

  it('are killed after a while where they keep the pipes open', async () => {
    const result = await play('- uses: o/a@v1', {
      actions: { 'o/a@v1': javaScriptAction({ main: spawning('inherit') }) },
      graces: { pipes: 100 },
    });
    expect(result.result).toBe('success');
  });
});

/** A process that has ended may still be listed, as a zombie, until its parent asks for it. */
/** Resolves when a killed process has ended, which the kernel does in its own time; the test's own limit is the bound. */
async function gone(pid: string | undefined): Promise<void> {
  while (isRunning(pid)) await new Promise((go) => setTimeout(go, 20));
}

function isRunning(pid: string | undefined): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
}
