// What the documents name is there.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');

it('every rule of the security model is held by tests that exist, or says that it is not built yet', () => {
  const rows = text('docs/SECURITY-MODEL.md')
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line));
  expect(rows.map((row) => Number(/\d+/.exec(row)?.[0]))).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
  for (const row of rows) {
    const tests = [...row.matchAll(/`([\w*/-]+\.test\.ts)`/g)].map((m) => m[1] ?? '');
    if (!row.includes('not built yet')) expect(tests).not.toEqual([]);
    for (const test of tests)
      expect([test, globSync(test, { cwd: join(ROOT, '__tests__') }).length > 0]).toEqual([test, true]);
  }
});

it.each([
  'README.md',
  'docs/ARCHITECTURE.md',
  'docs/SECURITY-MODEL.md',
  'docs/PERFORMANCE.md',
  'docs/migrate.md',
  'docs/vault-secrets.md',
])('%s links to files that exist', (file) => {
  const links = [...text(file).matchAll(/\]\(([^)#:]+)\)/g)].map((m) => m[1] ?? '');
  const folder = join(ROOT, file, '..');
  expect(links.filter((link) => !existsSync(join(folder, link)) && !existsSync(join(ROOT, link)))).toEqual([]);
});

it('the picture of the house names every file of src, and no other', () => {
  const picture = /```text\n([\s\S]*?)```/.exec(text('docs/ARCHITECTURE.md'))?.[1] ?? '';
  const named = new Set([...picture.matchAll(/[\w-]+\.ts/g)].map((m) => m[0]));
  const files = globSync('src/**/*.ts', { cwd: ROOT });
  const own = files.map((path) => path.split('/').at(-1) ?? '');
  const ofOneProvider = files
    .filter((path) => /providers\/\w+\//.test(path))
    .map((path) => path.split('/').at(-1) ?? '');
  const missing = own.filter((name) => !named.has(name) && !ofOneProvider.includes(name));
  expect(missing).toEqual([]);
  const sandbox = new Set(globSync('{sandbox,src}/**/*.ts', { cwd: ROOT }).map((path) => path.split('/').at(-1) ?? ''));
  expect([...named].filter((name) => !sandbox.has(name))).toEqual([]);
});
