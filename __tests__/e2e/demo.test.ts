// `npm run demo`, as a reader runs it: its account of the job, its exit status, and the reader's own workflow and trust documents.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { defaultTrust } from '../../sandbox/default-trust.ts';
import { ROOT } from './scenario.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function demo(...args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder };
  const child = spawn(process.execPath, [join(ROOT, 'sandbox/demo.ts'), ...args], { cwd: ROOT, env });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (out += text));
  const [code] = await once(child, 'close');
  return { code, out };
}

const example = () => join(ROOT, 'examples/four-clouds.yml');

it('plays the example: what each step could do, what ran when, and what is alive', async () => {
  const { code, out } = await demo();
  expect(out).toContain('AWS says we are arn:aws:sts::123456789012:assumed-role/deploy/');
  expect(out).toMatch(/Azure gave a token until \d{4}-/);
  expect(out).toContain('Google Cloud lists 2 buckets');
  expect(out).toMatch(/Vault answered 200 and leased the database user v-jwt-/);
  expect(out).toMatch(/Requests of main.*: \d+ requests/);
  expect(out).toMatch(/Before the post step: .* 3 of them could still be revoked/);
  expect(out).toMatch(/After the job: .* 0 of them could still be revoked/);
  expect(out.trimEnd().split('\n').at(-1)).toBe('The job succeeded, and nothing that could be ended is alive.');
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

it("plays a reader's own workflow by the trust documents beside it, and says so when it is refused", async () => {
  const workflow = join(folder, 'mine.yml');
  copyFileSync(example(), workflow);
  const [account] = Object.values(defaultTrust().aws.accounts);
  const nobody = { ...account, roles: {} };
  writeFileSync(join(folder, 'mine.trust.yml'), stringify({ aws: { accounts: { '123456789012': nobody } } }));
  const { code, out } = await demo(workflow);
  expect(out).toContain('[aws/trust-refused]');
  expect(out.trimEnd().split('\n').at(-1)).toBe('The job ended with failure.');
  expect(code).toBe(1);
});

it.each([
  ['a workflow that is not there', 'none.yml', undefined, 'There is no workflow at'],
  ['a trust document of a cloud that is none', 'mine.yml', 'gpc: {}', 'gpc is none of aws, azure, gcp, vault'],
])('refuses %s', async (_, name, trust, words) => {
  copyFileSync(example(), join(folder, 'mine.yml'));
  if (trust !== undefined) writeFileSync(join(folder, 'mine.trust.yml'), trust);
  const { code, out } = await demo(join(folder, name));
  expect(out).toContain(words);
  expect(code).not.toBe(0);
});
