// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that.
// Named profiles: copies of the user's files with the session in them, one after another in a job, and all of it gone behind the posts.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepResult } from '../../sandbox/runner/result.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { ACTION, AWS, calm, cleanUp, type Played, play } from './scenario.ts';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-test-'));
  mkdirSync(join(folder, 'home', '.aws'), { recursive: true });
  mkdirSync(join(folder, 'seen'));
});
afterEach(() => {
  cleanUp();
  calm(world);
  rmSync(folder, { recursive: true });
});
afterAll(() => world.stop());

const PROFILE = { ...AWS, 'aws-profile': 'ci' };
const STATIC = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY';
const CONFIG =
  '# mine\r\n[default]\r\nregion = us-east-2\r\n\r\n[profile "ci"]\r\nrole_arn = arn:aws:iam::1:role/old\r\nsource_profile = default\r\n[profile other]\r\noutput = json\r\n';
const CREDENTIALS = `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${STATIC}\n\n[ci]\naws_security_token = an-old-token-of-ci`;

const home = (name = '') => join(folder, 'home', name);
const seen = (name: string) => readFileSync(join(folder, 'seen', name), 'utf8');

function write(name: string, text: string): void {
  writeFileSync(home(name), text);
}
function use(inputs: Readonly<Record<string, string>>, more: object = {}): object {
  return { uses: ACTION, with: inputs, ...more };
}
/** A step that keeps what later steps would read, and how it is protected. */
function keeps(name: string): object {
  const copy = (variable: string, as: string) =>
    `cp "$${variable}" "$SEEN/${name}-${as}"; stat -c %a "$${variable}" "$(dirname "$${variable}")" >> "$SEEN/${name}-modes"`;
  return {
    name,
    env: { SEEN: join(folder, 'seen') },
    run: `${copy('AWS_CONFIG_FILE', 'config')}; ${copy('AWS_SHARED_CREDENTIALS_FILE', 'credentials')}`,
  };
}
/** The action in a job whose user has that home folder. */
function job(steps: readonly object[], env: Record<string, string> = {}): Promise<Played> {
  return play(world, { steps, env: { HOME: home(), ...env } });
}
function stages({ result }: Played, kind: 'main' | 'post'): StepResult[] {
  return result.steps.filter((step) => step.uses === ACTION && step.kind === kind);
}
function session(name: string): string[] {
  const [, ...keys] =
    /\[(?:ci|two)\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)\naws_session_token = (\S+)\n$/.exec(
      seen(`${name}-credentials`),
    ) ?? [];
  return keys;
}

it('writes the session into copies of the files in the home folder, and exports where they are, and no key', async () => {
  write('.aws/config', CONFIG);
  write('.aws/credentials', CREDENTIALS);
  const played = await job([use(PROFILE), keeps('during')]);
  const { main, post, log, result } = played;
  expect(result.result).toBe('success');
  expect(Object.keys(main.exported).sort()).toEqual(['AWS_CONFIG_FILE', 'AWS_PROFILE', 'AWS_SHARED_CREDENTIALS_FILE']);
  expect(main.exported.AWS_PROFILE).toBe('ci');
  expect(main.outputs['aws-config-file']).toBe(main.exported.AWS_CONFIG_FILE);
  // Their own, but for the profile of that name, which is replaced.
  expect(seen('during-config')).toBe(
    '# mine\r\n[default]\r\nregion = us-east-2\r\n\r\n[profile other]\r\noutput = json\r\n\r\n[profile ci]\r\nregion = eu-west-1\r\n',
  );
  expect(seen('during-credentials')).toMatch(
    /^\[default\]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = \w+\n\n/,
  );
  expect(seen('during-credentials')).not.toContain('an-old-token-of-ci');
  const issued = world.ledger.all('aws').at(-1);
  expect(session('during')).toEqual([issued?.id, ...(issued?.secrets ?? [])]);
  expect(log.match(/has a profile ci: this step's takes its place/g)).toHaveLength(2);
  expect(seen('during-modes')).toBe('600\n700\n600\n700\n');
  // The secrets of the files that were copied are masked, and the files themselves are as they were.
  expect(result.masks).toEqual(expect.arrayContaining([STATIC, 'an-old-token-of-ci']));
  expect([readFileSync(home('.aws/config'), 'utf8'), readFileSync(home('.aws/credentials'), 'utf8')]).toEqual([
    CONFIG,
    CREDENTIALS,
  ]);
  // What was not set before means the files in the home folder: botocore takes an empty variable for an empty file.
  expect(post?.exported).toEqual({
    AWS_CONFIG_FILE: home('.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: home('.aws/credentials'),
  });
  expect(post?.log.join('\n')).toContain('left as they are: AWS_PROFILE');
  expect(post?.log).toContain('Credential files: removed');
});

it("two in one job: the second step has the first one's profile too, and each post gives back what was there", async () => {
  write('.aws/config', CONFIG);
  const second = { ...PROFILE, 'aws-profile': 'two', 'aws-region': 'us-east-1' };
  const played = await job([use(PROFILE), keeps('first'), use(second), keeps('second')]);
  const [main1, main2] = stages(played, 'main');
  const [post2, post1] = stages(played, 'post');
  expect(seen('second-config')).toBe(`${seen('first-config')}\r\n[profile two]\r\nregion = us-east-1\r\n`);
  expect(seen('second-credentials').startsWith(seen('first-credentials'))).toBe(true);
  expect(session('second')).toHaveLength(3);
  expect(session('second')).not.toEqual(session('first'));
  expect(main2?.exported.AWS_CONFIG_FILE).not.toBe(main1?.exported.AWS_CONFIG_FILE);
  expect(post2?.exported).toEqual(main1?.exported);
  expect(post1?.exported).toEqual({
    AWS_CONFIG_FILE: home('.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: home('.aws/credentials'),
  });
});

it('the same profile twice: the second takes the place of the first in its copy', async () => {
  const played = await job([
    use(PROFILE),
    keeps('first'),
    use({ ...PROFILE, 'aws-region': 'us-east-1' }),
    keeps('second'),
  ]);
  expect(seen('second-config')).toBe('[profile ci]\nregion = us-east-1\n');
  expect(seen('second-credentials').match(/\[ci\]/g)).toHaveLength(1);
  expect(session('second')).not.toEqual(session('first'));
  expect(stages(played, 'post').map((post) => post.conclusion)).toEqual(['success', 'success']);
});

it('starts from what the variables point at, and gives them back', async () => {
  writeFileSync(join(folder, 'my-config'), '[profile mine]\nregion = us-west-1');
  const before = {
    AWS_CONFIG_FILE: join(folder, 'my-config'),
    AWS_SHARED_CREDENTIALS_FILE: '~/.aws/credentials',
    AWS_PROFILE: 'mine',
  };
  write('.aws/credentials', CREDENTIALS);
  const { post } = await job([use(PROFILE), keeps('during')], before);
  expect(seen('during-config')).toBe('[profile mine]\nregion = us-west-1\n\n[profile ci]\nregion = eu-west-1\n');
  expect(seen('during-credentials')).toContain(STATIC);
  expect(post?.exported).toEqual(before);
});

it('the default profile has a section of its own name', async () => {
  write('.aws/config', CONFIG);
  await job([use({ ...PROFILE, 'aws-profile': 'default' }), keeps('during')]);
  expect(seen('during-config')).toMatch(/\[default\]\r\nregion = eu-west-1\r\n$/);
  expect(seen('during-config').match(/\[default\]/g)).toHaveLength(1);
});

it.each([
  ['no file', { HOME: '' }],
  [
    'variables that point nowhere',
    { AWS_CONFIG_FILE: '/nowhere/config', AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials' },
  ],
])('%s: the copies hold the profile alone', async (_, env) => {
  const { result } = await job([use(PROFILE), keeps('during')], env as Record<string, string>);
  expect(result.result).toBe('success');
  expect(seen('during-config')).toBe('[profile ci]\nregion = eu-west-1\n');
});

it('a file that is none is said, and nothing is exported', async () => {
  mkdirSync(home('.aws/config'));
  const { main } = await job([use(PROFILE)]);
  expect(main.annotations.map((a) => a.message)).toEqual([
    expect.stringMatching(/^\[files\/unreadable\] .*config is no file/),
  ]);
  expect(main.exported).toEqual({});
  expect(main.outputs).toEqual({ federated: 'false' });
});

it('with export-env: false the files are there for who asks the output, and no variable is touched', async () => {
  const { main, post } = await job([
    use({ ...PROFILE, 'export-env': 'false' }, { id: 'federate' }),
    {
      name: 'asks',
      env: { FILE: '${{ steps.federate.outputs.aws-config-file }}', SEEN: join(folder, 'seen') },
      run: 'cp "$FILE" "$SEEN/config"; cp "$(dirname "$FILE")/aws-credentials" "$SEEN/credentials"',
    },
  ]);
  expect([main.exported, post?.exported]).toEqual([{}, {}]);
  expect(seen('config')).toContain('[profile ci]');
  expect(seen('credentials')).toContain('aws_session_token');
});

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: STATIC };

/** Set already, and what wins then, in one client or another. */
describe.each([
  [
    'the environment',
    AWS,
    ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_SECURITY_TOKEN', 'AWS_ACCOUNT_ID'],
  ],
  [
    'a profile',
    PROFILE,
    [
      'AWS_DEFAULT_PROFILE',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ],
  ],
] as const)('what would win over %s is named', (_, inputs, names) => {
  it.each(names)('%s', async (name) => {
    const { main } = await job([use(inputs)], { [name]: 'us-west-2' });
    expect(main.annotations.map((a) => a.message)).toEqual([
      expect.stringMatching(new RegExp(`may win over .* aws: ${name}\\.`)),
    ]);
  });
  it('and nothing else is', async () => {
    const harmless = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCOUNT_ID: '123456789012',
      AWS_CONFIG_FILE: '/nowhere',
      ...(inputs === AWS && KEYS),
    };
    const { main } = await job([use(inputs)], harmless);
    expect(main.annotations).toEqual([]);
  });
});

it('what the job holds already is never used by the action itself', async () => {
  write(
    '.aws/config',
    '[default]\nendpoint_url = https://evil.example.com\ncredential_process = /bin/false\nservices = x\n[services x]\nsts =\n  endpoint_url = https://evil.example.com\n',
  );
  write('.aws/credentials', CREDENTIALS);
  chmodSync(home('.aws/credentials'), 0o600);
  const planted = {
    ...KEYS,
    AWS_SESSION_TOKEN: 'a token of somebody else',
    AWS_ENDPOINT_URL: 'https://evil.example.com',
    AWS_ENDPOINT_URL_STS: 'https://evil.example.com',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_STS_REGIONAL_ENDPOINTS: 'legacy',
    AWS_MAX_ATTEMPTS: '9',
    AWS_SDK_UA_APP_ID: 'evil',
    AWS_REGION: 'us-west-2',
  };
  const chain = { ...AWS, 'aws-role-chain': 'arn:aws:iam::123456789012:role/release' };
  const { result, post } = await job([use(chain)], planted);
  expect(result.result).toBe('success');
  const calls = world.traffic.filter((t) => t.service === 'aws');
  expect(calls.map((t) => [t.call.host, /Credential=(\w+)/.exec(t.call.headers.authorization ?? '')?.[1]])).toEqual([
    ['sts.eu-west-1.amazonaws.com', undefined],
    ['sts.eu-west-1.amazonaws.com', world.ledger.all('aws').at(-2)?.id],
  ]);
  expect(JSON.stringify(calls)).not.toMatch(/AKIAIOSFODNN7EXAMPLE|a token of somebody/);
  expect(world.connects.filter((c) => /evil/.test(JSON.stringify(c)))).toEqual([]);
  const { AWS_REGION, AWS_SESSION_TOKEN } = planted;
  expect(post?.exported).toMatchObject({ ...KEYS, AWS_REGION, AWS_SESSION_TOKEN });
});
