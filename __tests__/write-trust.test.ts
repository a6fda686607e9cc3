import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { documentsFor, writeTrust } from '../src/write-trust.ts';
import { ROOT } from './contract/source-files.ts';

const ROLE = ['--role-arn', 'arn:aws:iam::123456789012:role/deploy'];
const JOB = ['--cloud', 'aws', '--repository', 'octo-org/octo-repo'];

async function printed(words: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  await writeTrust({ words, print: (line) => void out.push(line), complain: (line) => void err.push(line) });
  return { out: out.join('\n'), err };
}

describe('the job that the flags make up', () => {
  it.each([
    [['--branch', 'main'], 'repo:octo-org/octo-repo:ref:refs/heads/main'],
    [['--tag=v1'], 'repo:octo-org/octo-repo:ref:refs/tags/v1'],
    [['--pull-request'], 'repo:octo-org/octo-repo:pull_request'],
    [['--environment', 'production'], 'repo:octo-org/octo-repo:environment:production'],
    [['--environment', 'production', '--branch', 'main'], 'repo:octo-org/octo-repo:environment:production'],
    [
      ['--branch', 'main', '--owner-id', '12', '--repository-id', '34'],
      'repo:octo-org@12/octo-repo@34:ref:refs/heads/main',
    ],
    [
      ['--branch', 'main', '--owner-id', '12', '--repository-id', '34', '--subject', 'classic'],
      'repo:octo-org/octo-repo:ref:refs/heads/main',
    ],
  ])('%j has the subject %s', async (flags, subject) => {
    const { out, err } = await printed([...JOB, ...ROLE, ...flags]);
    expect(err).toEqual([]);
    expect(out).toContain(`"token.actions.githubusercontent.com:sub": "${subject}"`);
  });

  it('says that the ids are missing, where they are', async () => {
    const without = await printed([...JOB, ...ROLE, '--branch', 'main']);
    expect(without.out).toContain('--owner-id and --repository-id');
    const given = await printed([...JOB, ...ROLE, '--branch', 'main', '--owner-id', '12', '--repository-id', '34']);
    expect(given.out).not.toContain('--owner-id and --repository-id');
  });

  it.each([
    [['--environment', 'production', '--branch', 'main'], ':ref"'],
    [['--branch', 'main', '--job-workflow-ref', 'p/w/.github/workflows/d.yml@refs/heads/main'], ':job_workflow_ref"'],
  ])('%j holds %s too', async (flags, key) => {
    expect((await printed([...JOB, ...ROLE, ...flags])).out).toContain(key);
  });

  it('has an issuer of its own on GHE.com', async () => {
    const issuer = 'https://token.actions.octo.ghe.com';
    const { out } = await printed([...JOB, ...ROLE, '--branch', 'main', '--issuer', issuer]);
    expect(out).toContain('oidc-provider/token.actions.octo.ghe.com');
  });

  it('may be in another partition', async () => {
    const { out } = await printed([
      ...JOB,
      '--branch',
      'main',
      '--role-arn',
      'arn:aws-cn:iam::123456789012:role/deploy',
    ]);
    expect(out).toContain('"token.actions.githubusercontent.com:aud": "sts.amazonaws.com.cn"');
  });
});

const BRANCH = ['--branch', 'main'];

describe('flags that are not right', () => {
  it.each<[readonly string[], string]>([
    [['--repository', 'o/r', ...BRANCH], '--cloud: is required. It takes aws, azure, gcp, vault.'],
    [['--cloud', 'oracle', '--repository', 'o/r', ...BRANCH], '--cloud: is required'],
    [['--cloud', 'aws', ...ROLE, ...BRANCH], '--repository: is required'],
    [[...JOB, ...BRANCH], '--role-arn: is required. It takes the ARN of an IAM role'],
    [['--cloud', 'gcp', '--repository', 'o/r', ...BRANCH], '--workload-identity-provider: is required'],
    [['--cloud', 'vault', '--repository', 'o/r', ...BRANCH], '--url: is required'],
    [[...JOB, ...BRANCH, '--role-arn', 'deploy'], '--role-arn: got "deploy". It takes the ARN of an IAM role'],
    [['--cloud', 'aws', '--repository', 'octo-repo', ...ROLE, ...BRANCH], '--repository: "octo-repo" cannot be taken'],
    [[...JOB, ...ROLE], 'one is required'],
    [[...JOB, ...ROLE, ...BRANCH, '--tag', 'v1'], 'a job runs for one of them'],
    [[...JOB, ...ROLE, ...BRANCH, '--owner-id', '1'], '--owner-id and --repository-id: both or none'],
    [[...JOB, ...ROLE, ...BRANCH, '--subject', 'immutable'], 'needs --owner-id'],
    [
      [...JOB, ...ROLE, ...BRANCH, '--role-arm', 'x'],
      '--role-arm: there is no such flag for aws. Did you mean --role-arn?',
    ],
    [[...JOB, ...ROLE, ...BRANCH, '--read', 'a/b'], '--read: is for vault alone'],
    [[...JOB, ...ROLE, ...BRANCH, ...BRANCH], '--branch: is given twice'],
    [[...JOB, ...ROLE, '--branch'], '--branch: has no value'],
    [[...JOB, ...ROLE, '--branch', '--tag'], '--branch: has no value'],
    [[...JOB, ...ROLE, 'main'], '"main" is no flag'],
    [[...JOB, ...ROLE, '--branch', 'it$(id)'], '--branch: "it$(id)" cannot be taken'],
  ])('%j: %s', async (words, message) => {
    const { out, err } = await printed(words);
    expect(out).toBe('');
    expect(err).toContainEqual(expect.stringContaining(message));
    expect(err.at(-1)).toContain('--help');
  });
});

it('makes nothing for a token that could not be pasted safely', async () => {
  const documents = await documentsFor([...JOB, ...ROLE, '--environment', 'a:b']);
  expect(documents.ok).toBe(false);
});

describe('the command', () => {
  const words = [...JOB, ...ROLE, '--environment', 'production'];

  it('prints the documents, and help without flags', async () => {
    const { out } = await printed(words);
    const run = execFileSync(process.execPath, ['--no-warnings', 'src/trust.ts', ...words], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(run).toBe(`${out}\n`);
    const help = execFileSync(process.execPath, ['--no-warnings', 'src/trust.ts'], { cwd: ROOT, encoding: 'utf8' });
    for (const flag of ['--cloud', '--environment', '--pull-request', '--role-arn', '--url'])
      expect(help).toContain(flag);
  });

  it('ends with status 1 and says why, where the flags are not right', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', 'src/trust.ts', '--cloud', 'aws'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('--repository: is required');
  });

  it('is in dist, in one file that needs nothing beside it', async () => {
    const { out } = await printed(words);
    const run = execFileSync(process.execPath, [join(ROOT, 'dist/trust.js'), ...words], { cwd: '/', encoding: 'utf8' });
    expect(run).toBe(`${out}\n`);
  });
});
