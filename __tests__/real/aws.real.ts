// What the action exported for AWS, read by AWS's own clients: boto3, the AWS CLI, and the default chain of the SDK for JavaScript. Each
// makes signed calls that the sandbox verifies; behind the posts, none of them gets in.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parts, ROOT } from '../../real/parts.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import { runWorkflow } from '../../sandbox/runner/run.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

const ACTION = 'your-org/workload-identity@v1';
const CONSUMER = 'octo-org/consumer@v1';
const AWS = { 'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy', 'aws-region': 'eu-west-1' };
const CHAIN = { ...AWS, 'aws-role-chain': 'arn:aws:iam::123456789012:role/release' };

const BOTO3 = `
import boto3
print(boto3.client('sts').get_caller_identity()['Arn'], len(boto3.client('s3').list_buckets()['Buckets']))`;
const JAVASCRIPT = `
const { GetCallerIdentityCommand, STSClient } = require('@aws-sdk/client-sts');
new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand({})).then(
  ({ Arn }) => console.log(Arn),
  (error) => { console.log(error.name); process.exitCode = 1; },
);`;

type Client = 'boto3' | 'aws' | 'javascript';
const CLIENTS: readonly Client[] = ['boto3', 'aws', 'javascript'];

/** How a client is asked who it is. */
function program(client: Client): [file: string, ...args: string[]] {
  const { python, awsCli } = parts();
  if (client === 'boto3') return [python, '-c', BOTO3];
  if (client === 'aws') return [awsCli, 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];
  return [process.execPath, '-e', JAVASCRIPT];
}

/** A step that runs one. The SDK for JavaScript follows no proxy: it gets the door. */
function asks(client: Client, env: Record<string, string> = {}, name: string = client): object {
  const [file, ...args] = program(client);
  const door = client === 'javascript' ? { AWS_ENDPOINT_URL_STS: world.env().AWS_ENDPOINT_URL_STS ?? '' } : {};
  const words = Object.fromEntries(args.map((arg, i) => [`WORD_${i}`, arg]));
  const run = `"${file}" ${args.map((_, i) => `"$WORD_${i}"`).join(' ')}`;
  return { name, env: { ...door, ...words, ...env }, run, if: '!cancelled()', 'continue-on-error': true };
}

let world: World;
let home: string;
const results: RunResult[] = [];
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'aws-home-'));
});
afterEach(() => {
  for (const result of results.splice(0)) result.dispose();
  rmSync(home, { recursive: true });
});
afterAll(() => world.stop());

function workflowOf(steps: readonly object[], variables: Record<string, string>): string {
  const after = JSON.stringify(Object.fromEntries(CLIENTS.map((client) => [client, program(client)])));
  const env = { HOME: home, AFTER_POST: after, AWS_EC2_METADATA_DISABLED: 'true', ...variables };
  const job = { 'runs-on': 'ubuntu-latest', env, steps };
  return JSON.stringify({ on: 'push', permissions: { 'id-token': 'write' }, jobs: { job } }, null, 2); // JSON is YAML
}

async function play(steps: readonly object[], env: Record<string, string> = {}, after = true): Promise<RunResult> {
  const result = await runWorkflow({
    workflow: workflowOf(after ? [{ uses: CONSUMER }, ...steps] : steps, env),
    actions: (uses) => ({ [ACTION]: ROOT, [CONSUMER]: join(import.meta.dirname, 'consumer') })[uses],
    identity: (job) => world.github.identityFor(job),
    env: { ...world.env(), AWS_ENDPOINT_URL_STS: '', NODE_PATH: join(ROOT, 'node_modules') },
  });
  results.push(result);
  expect(findLeaks({ canaries: world.canaries(), result })).toEqual([]);
  return result;
}

/** What the step of that name printed. */
function said(result: RunResult, name: string): string {
  const step = result.steps.find((candidate) => candidate.name === name);
  return `${step?.stdout}${step?.stderr}`.trim();
}
/** What each client said behind all posts. */
function afterPost(result: RunResult): Record<string, string> {
  const lines = result.log.flatMap((line) => /^after (\w+): (.*)$/.exec(line) ?? []);
  return Object.fromEntries(Array.from({ length: lines.length / 3 }, (_, i) => [lines[i * 3 + 1], lines[i * 3 + 2]]));
}
const DEPLOY = 'arn:aws:sts::123456789012:assumed-role/deploy/gh-';
const RELEASE = 'arn:aws:sts::123456789012:assumed-role/release/gh-';
const use = (inputs: Record<string, string>) => ({ uses: ACTION, with: inputs });

const NO_CREDENTIALS = {
  boto3: expect.stringMatching(/^1 .*NoCredentialsError/),
  aws: expect.stringMatching(/^25[35] .*Unable to locate credentials/),
  javascript: expect.stringMatching(/^1 CredentialsProviderError$/),
};

describe('from the environment', () => {
  it.each([
    ['a role', AWS, DEPLOY],
    ['a chain of roles', CHAIN, RELEASE],
  ])('every client is who the step became with %s, and nobody behind the post', async (_, inputs, who) => {
    const result = await play([use(inputs), ...CLIENTS.map((client) => asks(client))]);
    expect(result.result).toBe('success');
    for (const client of CLIENTS)
      expect([client, said(result, client)]).toEqual([client, expect.stringContaining(who)]);
    expect(said(result, 'boto3')).toMatch(/ 2$/);
    expect(afterPost(result)).toEqual(NO_CREDENTIALS);
  });
});

describe('from a profile', () => {
  it('every client is who the step became, and nobody behind the post', async () => {
    const result = await play([use({ ...AWS, 'aws-profile': 'ci' }), ...CLIENTS.map((client) => asks(client))]);
    expect(result.result).toBe('success');
    for (const client of CLIENTS)
      expect([client, said(result, client)]).toEqual([client, expect.stringContaining(DEPLOY)]);
    // AWS_PROFILE stays, as an empty one would be worse: the profile itself is gone.
    expect(afterPost(result)).toEqual({
      boto3: expect.stringMatching(/^1 .*ProfileNotFound: The config profile \(ci\) could not be found$/),
      aws: expect.stringMatching(/^25[35] .*The config profile \(ci\) could not be found$/),
      javascript: expect.stringMatching(/^1 (Error|CredentialsProviderError)$/), // without a profile it misses a region first
    });
  });

  it('two in one job: each by its name, and the last one by default', async () => {
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws', 'config'), '[default]\r\noutput = json\r\n');
    const both = [use({ ...AWS, 'aws-profile': 'one' }), use({ ...CHAIN, 'aws-profile': 'two' })];
    const asked = CLIENTS.flatMap((client) => [
      asks(client),
      asks(client, { AWS_PROFILE: 'one' }, `${client} as one`),
      asks(client, { AWS_PROFILE: 'two' }, `${client} as two`),
    ]);
    const result = await play([...both, ...asked], {}, false);
    expect(result.result).toBe('success');
    for (const client of CLIENTS) {
      expect(said(result, client)).toContain(RELEASE);
      expect(said(result, `${client} as one`)).toContain(DEPLOY);
      expect(said(result, `${client} as two`)).toContain(RELEASE);
    }
  });

  it("the user's own profiles are there during the job and after it", async () => {
    mkdirSync(join(home, '.aws'));
    writeFileSync(
      join(home, '.aws', 'credentials'),
      '[mine]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY\n',
    );
    writeFileSync(join(home, '.aws', 'config'), '[profile mine]\nregion = eu-west-1\n');
    const [own] = [{ AWS_PROFILE: 'mine' }];
    const result = await play(
      [use({ ...AWS, 'aws-profile': 'ci' }), ...CLIENTS.map((client) => asks(client, own))],
      own,
    );
    // The sandbox does not know the key: that it was sent is what counts.
    const unknown = /InvalidClientTokenId/;
    for (const client of CLIENTS)
      expect([client, said(result, client)]).toEqual([client, expect.stringMatching(unknown)]);
    const { boto3, aws } = afterPost(result);
    expect([boto3, aws]).toEqual([expect.stringMatching(unknown), expect.stringMatching(unknown)]);
  });
});

/** Variables of the job, and the client that obeys them rather than ours. */
describe('a variable that wins over ours is named in a warning', () => {
  it.each<[string, Client, Record<string, string>, Record<string, string>]>([
    ['AWS_PROFILE', 'javascript', { AWS_PROFILE: 'other' }, AWS],
    ['AWS_PROFILE', 'boto3', { AWS_PROFILE: 'other' }, AWS],
    ['AWS_DEFAULT_PROFILE', 'boto3', { AWS_DEFAULT_PROFILE: 'other' }, AWS],
    ['AWS_DEFAULT_PROFILE', 'aws', { AWS_DEFAULT_PROFILE: 'other' }, AWS],
    ['AWS_SECURITY_TOKEN', 'boto3', { AWS_SECURITY_TOKEN: 'an older token' }, AWS],
    ['AWS_SECURITY_TOKEN', 'aws', { AWS_SECURITY_TOKEN: 'an older token' }, AWS],
    ['AWS_DEFAULT_PROFILE', 'boto3', { AWS_DEFAULT_PROFILE: 'other' }, { ...AWS, 'aws-profile': 'ci' }],
    [
      'AWS_ACCESS_KEY_ID',
      'boto3',
      { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY' },
      { ...AWS, 'aws-profile': 'ci' },
    ],
    [
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'boto3',
      { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere', AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/other' },
      { ...AWS, 'aws-profile': 'ci' },
    ],
    ['AWS_DEFAULT_REGION', 'boto3', { AWS_DEFAULT_REGION: 'nowhere-1' }, { ...AWS, 'aws-profile': 'ci' }],
    ['AWS_REGION', 'javascript', { AWS_REGION: 'nowhere-1' }, { ...AWS, 'aws-profile': 'ci' }],
  ])('%s, of %s', async (name, client, env, inputs) => {
    const result = await play([use(inputs), asks(client)], env, false);
    expect(said(result, client)).not.toContain(DEPLOY);
    const main = result.steps.find((step) => step.uses === ACTION && step.kind === 'main');
    expect(main?.annotations.map((a) => a.message).join('\n')).toMatch(
      new RegExp(`may win over .* aws: .*\\b${name}\\b`),
    );
  });
});
