import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { originals } from '../../src/adapters/originals.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'originals-test-'));
  mkdirSync(join(home, '.aws'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const found = (pointed?: string, env: Record<string, string> = { HOME: home }) =>
  originals((name) => env[name] || undefined)(pointed, '.aws/config');
const write = (name: string, text: string) => writeFileSync(join(home, name), text);

it('is the file that a variable points at, else the one in the home folder', () => {
  write('.aws/config', 'usual');
  write('mine', 'pointed at');
  expect(found()).toEqual({ path: join(home, '.aws/config'), text: 'usual' });
  expect(found(join(home, 'mine'))).toEqual({ path: join(home, 'mine'), text: 'pointed at' });
  expect(found('~/mine')).toEqual({ path: '~/mine', text: 'pointed at' });
  const near = relative(process.cwd(), join(home, 'mine'));
  expect(found(near)).toEqual({ path: near, text: 'pointed at' });
});

it.each([
  ['USERPROFILE', (folder: string) => ({ USERPROFILE: folder })],
  ['HOMEDRIVE and HOMEPATH', (folder: string) => ({ HOMEDRIVE: folder.slice(0, 4), HOMEPATH: folder.slice(4) })],
])('finds the home folder by %s, as the SDKs do', (_, env) => {
  write('.aws/config', 'usual');
  expect(found(undefined, env(home)).text).toBe('usual');
});

it('follows a link, and leaves a byte order mark out', () => {
  write('real', '\uFEFF[default]');
  symlinkSync(join(home, 'real'), join(home, '.aws/config'));
  expect(found().text).toBe('[default]');
});

it.each([
  ['there is none', () => found(), () => join(home, '.aws/config')],
  ['the variable points nowhere', () => found('/nowhere/config'), () => '/nowhere/config'],
  ['a file stands in its way', () => found(`${import.meta.filename}/config`), () => `${import.meta.filename}/config`],
  ['the path is none', () => found('/a\0b'), () => '/a\0b'],
  ['there is no home folder', () => found(undefined, {}), () => undefined],
])('has no text where %s', (_, ask, path) => {
  expect(ask()).toEqual({ text: '', ...(path() !== undefined && { path: path() }) });
});

it.each<[string, () => void]>([
  ['a folder', () => mkdirSync(join(home, '.aws/config'))],
  ['far too large', () => write('.aws/config', 'x'.repeat(3_000_000))],
])('refuses what is %s', (_, make) => {
  make();
  expect(() => found()).toThrow(/nothing was exported/);
});
