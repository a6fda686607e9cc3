import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { openFiles } from '../../src/adapters/files.ts';

const NAME = `workload-identity-${'0123456789abcdef'.repeat(2)}`;
const mode = (file: string) => fs.statSync(file).mode & 0o7777;

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(tmpdir(), 'files-test-'));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

/** A runner's temp folder of the given mode, and the adapter over it. */
function opened({ mode: bits = 0o755, env = {} }: { mode?: number; env?: Record<string, string> } = {}) {
  const temp = path.join(root, 'temp');
  fs.mkdirSync(temp, { recursive: true });
  fs.chmodSync(temp, bits);
  const all: Record<string, string> = { RUNNER_TEMP: temp, ...env };
  return { temp, files: openFiles((name) => all[name] || undefined, 'linux') };
}

describe("the step's folder", () => {
  it('is open to this user alone, and so are its files', () => {
    const { temp, files } = opened();
    const folder = files.createFolder(NAME);
    files.createFile(folder, 'token', 'eyJ');
    expect(folder).toBe(path.join(temp, NAME));
    expect(mode(folder)).toBe(0o700);
    expect(mode(files.pathOf(folder, 'token'))).toBe(0o600);
    expect(fs.readFileSync(files.pathOf(folder, 'token'), 'utf8')).toBe('eyJ');
  });

  it('is so under any umask', () => {
    const before = process.umask(0);
    try {
      const { files } = opened();
      const folder = files.createFolder(NAME);
      files.createFile(folder, 'token', 'x');
      expect([mode(folder), mode(files.pathOf(folder, 'token'))]).toEqual([0o700, 0o600]);
    } finally {
      process.umask(before);
    }
  });

  it('holds folders that are closed too, and goes with all that a program wrote there', () => {
    const before = process.umask(0);
    try {
      const { temp, files } = opened();
      const inner = files.createInner(files.createFolder(NAME), 'azure-cli');
      files.createFile(inner, 'config', 'x');
      fs.mkdirSync(path.join(inner, 'commands'));
      fs.writeFileSync(path.join(inner, 'commands/open'), 'x', { mode: 0o666 });
      expect([mode(inner), mode(path.join(inner, 'config'))]).toEqual([0o700, 0o600]);
      expect(files.removeFolder(NAME)).toBe(true);
      expect(fs.readdirSync(temp)).toEqual([]);
    } finally {
      process.umask(before);
    }
  });

  it('is read where a program wrote a file of a sane size; no link is followed', () => {
    const { files } = opened();
    const folder = files.createFolder(NAME);
    fs.writeFileSync(path.join(folder, 'cache.json'), '{}');
    fs.symlinkSync('/etc/passwd', path.join(folder, 'link'));
    fs.mkdirSync(path.join(folder, 'folder'));
    fs.writeFileSync(path.join(folder, 'large'), '');
    fs.truncateSync(path.join(folder, 'large'), 6 * 1024 * 1024);
    const names = ['cache.json', 'link', 'folder', 'large', 'nothing'];
    expect(names.map((name) => files.readFile(folder, name))).toEqual(['{}', ...Array(4).fill(undefined)]);
  });

  it('holds large files as a whole', () => {
    const { files } = opened();
    const folder = files.createFolder(NAME);
    const content = 'é'.repeat(700_000);
    files.createFile(folder, 'large', content);
    expect(fs.readFileSync(files.pathOf(folder, 'large'), 'utf8')).toBe(content);
  });

  it('is not taken over where somebody made it first', () => {
    const { temp, files } = opened();
    fs.mkdirSync(path.join(temp, NAME));
    expect(() => files.createFolder(NAME)).toThrow(/EEXIST/);
  });

  it('overwrites no file', () => {
    const { files } = opened();
    const folder = files.createFolder(NAME);
    files.createFile(folder, 'token', 'first');
    expect(() => files.createFile(folder, 'token', 'second')).toThrow(/EEXIST/);
    expect(fs.readFileSync(files.pathOf(folder, 'token'), 'utf8')).toBe('first');
  });

  it.each(['to a file', 'to nowhere'])('writes through no link that was planted: %s', (kind) => {
    const { files } = opened();
    const folder = files.createFolder(NAME);
    const victim = path.join(root, 'victim');
    if (kind === 'to a file') fs.writeFileSync(victim, 'before');
    fs.symlinkSync(victim, path.join(folder, 'token'));
    expect(() => files.createFile(folder, 'token', 'secret')).toThrow();
    if (kind === 'to a file') expect(fs.readFileSync(victim, 'utf8')).toBe('before');
    else expect(fs.existsSync(victim)).toBe(false);
  });
});

describe('the temp folder', () => {
  it.each([
    ['is not set', { RUNNER_TEMP: '' }],
    ['is relative', { RUNNER_TEMP: 'temp' }],
    ['is not there', { RUNNER_TEMP: '/nowhere/at/all' }],
    ['is a file', { RUNNER_TEMP: import.meta.filename }],
  ])('is refused where it %s', (_, env) => {
    const { files } = opened({ env });
    expect(() => files.checkTemp()).toThrow(expect.objectContaining({ id: 'files/unsafe-temp' }));
    expect(() => files.createFolder(NAME)).toThrow(expect.objectContaining({ id: 'files/unsafe-temp' }));
  });

  it.each([
    [0o777, false],
    [0o773, false],
    [0o1777, true],
    [0o755, true],
    [0o700, true],
  ])('of mode %o is taken: %s', (bits, taken) => {
    const { files } = opened({ mode: bits });
    if (taken) expect(() => files.checkTemp()).not.toThrow();
    else expect(() => files.checkTemp()).toThrow(expect.objectContaining({ id: 'files/unsafe-temp' }));
  });

  it('is not created', () => {
    const { temp, files } = opened();
    files.checkTemp();
    expect(fs.readdirSync(temp)).toEqual([]);
  });

  it('has no modes that matter on Windows', () => {
    const { temp } = opened({ mode: 0o777 });
    expect(() => openFiles(() => temp, 'win32').checkTemp()).not.toThrow();
  });
});

describe('removing', () => {
  it('takes the folder with all that is in it, and says whether it was there', () => {
    const { temp, files } = opened();
    const folder = files.createFolder(NAME);
    files.createFile(folder, 'token', 'x');
    fs.mkdirSync(path.join(folder, 'deep/er'), { recursive: true });
    expect(files.removeFolder(NAME)).toBe(true);
    expect(fs.readdirSync(temp)).toEqual([]);
    expect(files.removeFolder(NAME)).toBe(false);
  });

  it.each([
    '..',
    '.',
    '',
    'other',
    '/etc',
    `../${NAME}`,
    `${NAME}/..`,
    `${NAME}x`,
    'workload-identity-',
    NAME.toUpperCase(),
  ])('takes no folder of another name: %j', (name) => {
    const { files } = opened();
    expect(() => files.removeFolder(name)).toThrow(expect.objectContaining({ id: 'files/not-ours' }));
    expect(() => files.createFolder(name)).toThrow(expect.objectContaining({ id: 'files/not-ours' }));
  });

  it('does not follow a link in its place', () => {
    const { temp, files } = opened();
    const victim = path.join(root, 'victim');
    fs.mkdirSync(victim);
    fs.writeFileSync(path.join(victim, 'file'), 'x');
    fs.symlinkSync(victim, path.join(temp, NAME));
    expect(() => files.removeFolder(NAME)).toThrow(expect.objectContaining({ id: 'files/not-ours' }));
    expect(fs.existsSync(path.join(victim, 'file'))).toBe(true);
  });

  it('does not follow links inside', () => {
    const { files } = opened();
    const folder = files.createFolder(NAME);
    const victim = path.join(root, 'victim');
    fs.mkdirSync(victim);
    fs.writeFileSync(path.join(victim, 'file'), 'x');
    fs.symlinkSync(victim, path.join(folder, 'link'));
    files.removeFolder(NAME);
    expect(fs.existsSync(path.join(victim, 'file'))).toBe(true);
  });
});

describe("the runner's command files", () => {
  /** Files as the runner makes them, for main (`a`) and for post (`b`). */
  function commandFiles(suffix: string): Record<string, string> {
    const folder = path.join(root, 'commands');
    fs.mkdirSync(folder, { recursive: true });
    const file = (name: string) => {
      const at = path.join(folder, `${name}_${suffix}`);
      fs.writeFileSync(at, `content of ${name}_${suffix}`, { mode: 0o644 });
      return at;
    };
    return { GITHUB_ENV: file('set_env'), GITHUB_OUTPUT: file('set_output'), GITHUB_STATE: file('save_state') };
  }
  const read = (name: string) => fs.readFileSync(path.join(root, 'commands', name), 'utf8');

  it('are made readable by this user alone, and named', () => {
    const env = commandFiles('a');
    expect(opened({ env }).files.guardCommandFiles()).toEqual(['set_env_a', 'set_output_a', 'save_state_a']);
    expect(Object.values(env).map(mode)).toEqual([0o600, 0o600, 0o600]);
  });

  it.each(['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE'])('must be there: %s', (name) => {
    const { files } = opened({ env: { ...commandFiles('a'), [name]: '' } });
    expect(() => files.guardCommandFiles()).toThrow(expect.objectContaining({ id: 'run/not-actions' }));
  });

  it('of main are emptied by post', () => {
    commandFiles('a');
    const { files } = opened({ env: commandFiles('b') });
    files.emptyCommandFiles(['set_env_a', 'set_output_a', 'save_state_a']);
    expect(['set_env_a', 'set_output_a', 'save_state_a'].map(read)).toEqual(['', '', '']);
    expect(read('save_state_b')).toBe('content of save_state_b');
  });

  it('are not emptied where they are the current ones', () => {
    const { files } = opened({ env: commandFiles('a') });
    files.emptyCommandFiles(['set_env_a', 'set_output_a', 'save_state_a']);
    expect(read('set_env_a')).toBe('content of set_env_a');
  });

  it.each(['../victim', 'a/../../victim', '.', '..', '', 'no-such-file', 'a\u0000b'])(
    'of another form are left alone: %j',
    (name) => {
      const victim = path.join(root, 'victim');
      fs.writeFileSync(victim, 'before');
      const { files } = opened({ env: commandFiles('b') });
      files.emptyCommandFiles([name]);
      expect(fs.readFileSync(victim, 'utf8')).toBe('before');
    },
  );

  it('that are links are left alone', () => {
    const victim = path.join(root, 'victim');
    fs.writeFileSync(victim, 'before');
    const { files } = opened({ env: commandFiles('b') });
    fs.symlinkSync(victim, path.join(root, 'commands', 'link'));
    files.emptyCommandFiles(['link']);
    expect(fs.readFileSync(victim, 'utf8')).toBe('before');
  });
});
