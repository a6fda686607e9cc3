import type { JournalEntry } from '../../../sandbox/runner/journal.ts';
import type { Running } from '../../../sandbox/runner/process.ts';
import { cleanUp, javaScriptAction, play, step } from './fixture.ts';

afterEach(cleanUp);

/** The journal of an action with this main script, without the output that the fixture itself makes. */
async function journalOf(main: string): Promise<readonly JournalEntry[]> {
  const result = await play('- uses: o/a@v1', { actions: { 'o/a@v1': javaScriptAction({ main }) }, observe: true });
  const { journal, exitCode, log } = step(result, 'Run o/a@v1');
  expect({ exitCode, log: exitCode === 0 ? '' : log }).toEqual({ exitCode: 0, log: '' });
  return journal;
}

const temp = `const temp = process.env.RUNNER_TEMP;`;

describe('the observer records', () => {
  it.each<[what: string, main: string, entries: object[]]>([
    [
      'output',
      `console.log('a'); process.stderr.write('b')`,
      [
        { kind: 'stdout', text: 'a\n' },
        { kind: 'stderr', text: 'b' },
      ],
    ],
    [
      'a file written at once',
      `${temp} fs.writeFileSync(temp + '/f', 'x', { mode: 0o600, flag: 'wx' })`,
      [{ what: 'writeFile', path: expect.stringMatching(/_temp\/f$/), text: 'x', mode: 0o600, flags: 'wx' }],
    ],
    [
      'a file written by descriptor',
      `${temp} const f = fs.openSync(temp + '/f', 'wx', 0o600); fs.writeSync(f, Buffer.from('xy'), 1, 1); fs.fchmodSync(f, 0o640); fs.ftruncateSync(f); fs.closeSync(f)`,
      [
        { what: 'open', flags: 'wx', mode: 0o600 },
        { what: 'write', path: expect.stringMatching(/_temp\/f$/), text: 'y' },
        { what: 'fchmod', path: expect.stringMatching(/_temp\/f$/), mode: 0o640 },
        { what: 'ftruncate' },
      ],
    ],
    [
      'appending, once',
      `put('STATE', 'a=1')`,
      [{ what: 'appendFile', text: 'a=1\n', path: expect.stringContaining('/save_state_') }],
    ],
    [
      'folders and moves',
      `${temp} const d = fs.mkdtempSync(temp + '/d-'); fs.mkdirSync(d + '/e', { mode: 0o700 }); fs.renameSync(d + '/e', d + '/f'); fs.chmodSync(d, 0o711); fs.rmSync(d, { recursive: true })`,
      [
        { what: 'mkdtemp', path: expect.stringMatching(/_temp\/d-$/) },
        { what: 'mkdir', mode: 0o700 },
        { what: 'rename', to: expect.stringMatching(/\/f$/) },
        { what: 'chmod', mode: 0o711 },
        { what: 'rm' },
      ],
    ],
    [
      'the promises',
      `${temp} (async () => { const p = require('node:fs/promises'); await p.writeFile(temp + '/f', 'x'); const h = await p.open(temp + '/g', 'w', 0o600); await h.write('y'); await h.close(); await p.unlink(temp + '/f'); })()`,
      [
        { what: 'writeFile', text: 'x' },
        { what: 'open', mode: 0o600 },
        { what: 'write', text: 'y', path: expect.stringMatching(/\/g$/) },
        { what: 'unlink' },
      ],
    ],
    [
      'callbacks',
      `${temp} fs.open(temp + '/f', 'w', 0o600, (_, f) => fs.write(f, 'x', () => fs.unlink(temp + '/f', () => {})))`,
      [
        { what: 'open', mode: 0o600 },
        { what: 'write', text: 'x', path: expect.stringMatching(/\/f$/) },
        { what: 'unlink' },
      ],
    ],
    [
      'modules that import from node:fs by name',
      `${temp} import('data:text/javascript,' + encodeURIComponent("import { writeFileSync } from 'node:fs'; writeFileSync(process.env.RUNNER_TEMP + '/f', 'x')"))`,
      [{ what: 'writeFile', text: 'x' }],
    ],
    [
      'children, with all they are given',
      `const cp = require('node:child_process'); cp.execFileSync('/bin/true', ['arg'], { env: { A: 'b' } }); cp.spawn('/bin/true', ['x'], { env: { C: 'd' }, stdio: 'ignore' })`,
      [
        { kind: 'spawn', path: '/bin/true', argv: ['/bin/true', 'arg'], env: { A: 'b' } },
        { kind: 'spawn', path: '/bin/true', argv: ['/bin/true', 'x'], env: { C: 'd' } },
      ],
    ],
    [
      'requests and connections',
      `require('node:http').get('http://127.0.0.1:1/path?q=1').on('error', () => {})`,
      [
        { kind: 'connect', target: '127.0.0.1:1' },
        { kind: 'request', method: 'GET', target: '127.0.0.1:1/path?q=1' },
      ],
    ],
    [
      'a tunnel through a proxy',
      `require('node:http').request({ host: '127.0.0.1', port: 1, method: 'CONNECT', path: 'sts.example:443' }).on('error', () => {}).end()`,
      [
        { kind: 'connect', target: '127.0.0.1:1' },
        { kind: 'request', method: 'CONNECT', target: 'sts.example:443' },
      ],
    ],
    [
      'fetch',
      `fetch('http://127.0.0.1:65533/f').catch(() => {})`,
      [
        { kind: 'request', method: 'GET', target: '127.0.0.1:65533/f' },
        { kind: 'connect', target: '127.0.0.1:65533' },
      ],
    ],
    ['an exit', `process.exit(0)`, [{ kind: 'exit', what: '0' }]],
    ['reading nothing', `fs.readFileSync(__filename); fs.openSync(__filename, 'r')`, []],
  ])('%s', async (_, main, entries) => {
    const journal = await journalOf(main);
    expect(journal.filter((e) => !(e.kind === 'stderr' && e.text === ''))).toEqual(
      entries.map((entry) => expect.objectContaining(entry)),
    );
  });

  it('signals, and what came before a kill', async () => {
    let main: Running | undefined;
    const action = javaScriptAction({
      main: `process.on('SIGINT', () => { fs.writeFileSync(process.env.RUNNER_TEMP + '/f', 'x'); say('again'); }); say('ready'); setInterval(() => {}, 1000)`,
    });
    const result = await play('- uses: o/a@v1', {
      actions: { 'o/a@v1': action },
      observe: true,
      hooks: {
        onStart: (_view, process) => {
          main = process;
        },
        onRawLine: (_view, _stream, line) => main?.kill(line === 'ready' ? 'SIGINT' : 'SIGKILL'),
      },
    });
    const { journal, exitCode, argv } = step(result, 'Run o/a@v1');
    expect(exitCode).toBe(137);
    expect(journal.map((e) => e.what ?? e.text)).toEqual(['ready\n', 'SIGINT', 'writeFile', 'again\n']);
    // What is observed cannot tell from its environment or its arguments.
    expect(argv).toHaveLength(2);
  });
});
