// Inputs that are wrong, on the built action: every problem in one run, and nobody was asked anything. All that may have begun by then is main's
// connection to GitHub's OIDC endpoint, over which nothing was said.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startWorld, type World } from '../../sandbox/world.ts';
import { AWS, AZURE, cleanUp, FOUR, GCP, GCP_DIRECT, type Played, play, VAULT } from './scenario.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  cleanUp();
  // Not emptied between the tests: no test of this file lets anything out.
  expect(world.traffic).toEqual([]);
  expect(world.connects.filter(({ target }) => !/\.actions\.githubusercontent\.com:443$/.test(target))).toEqual([]);
});
afterAll(() => world.stop());

/** Refused as a whole: red, told in annotations alone, nothing saved, and post finds nothing to do. */
function problems({ result, main, post }: Played): string[] {
  expect(result.result).toBe('failure');
  expect([main.exitCode, main.exported, main.state, main.outputs]).toEqual([1, {}, {}, { federated: 'false' }]);
  expect(main.journal.filter((e) => ['request', 'spawn'].includes(e.kind))).toEqual([]);
  expect(post?.conclusion).toBe('success');
  expect(post?.journal.filter((e) => e.kind === 'request')).toEqual([]);
  expect(result.leftovers.filter((f) => f.kind === 'file' && !f.ofRunner)).toEqual([]);
  return main.annotations.filter((a) => a.level === 'error').map((a) => a.message);
}

const DIRECT = { ...GCP_DIRECT, 'gcp-token-lifetime': '10m' };

it.each<[name: string, inputs: Record<string, string>, told: RegExp]>([
  ['no cloud', {}, /^\[inputs\/no-cloud\] .*aws-role-arn, azure-client-id, gcp-workload-identity-provider, vault-url/],
  ['an empty cloud', { 'aws-role-arn': ' ' }, /^\[inputs\/no-cloud\]/],
  [
    'an input of a cloud that was not asked for',
    { ...AZURE, 'aws-region': 'eu-west-1' },
    /^\[inputs\/not-asked\] aws-region: .*aws-role-arn is empty/,
  ],
  ['no region', { 'aws-role-arn': AWS['aws-role-arn'] }, /^\[inputs\/missing\] aws-region: /],
  ['no tenant', { 'azure-client-id': AZURE['azure-client-id'] }, /^\[inputs\/missing\] azure-tenant-id: /],
  [
    'a misspelt name',
    { ...AWS, 'aws-allowed-acount-ids': '123456789012' },
    /^\[inputs\/unknown\] aws-allowed-acount-ids: .*Did you mean aws-allowed-account-ids\?/,
  ],
  ['a foreign name with our prefix', { ...AWS, 'vault-zzzzzzzzzz': 'x' }, /^\[inputs\/unknown\] vault-zzzzzzzzzz: /],
  [
    'a boolean that is only nearly one',
    { ...AWS, revoke: 'yes' },
    /^\[inputs\/invalid\] revoke: got "yes"\. It takes true or false/,
  ],
  ['a duration without a known unit', { ...AWS, lifetime: '1d' }, /^\[inputs\/invalid\] lifetime: got "1d"/],
  [
    'a region that would lead to another host',
    { ...AWS, 'aws-region': 'a@evil.example/' },
    /^\[inputs\/invalid\] aws-region: /,
  ],
  [
    'an account that is not allowed',
    { ...AWS, 'aws-allowed-account-ids': '999999999999' },
    /^\[inputs\/invalid\] aws-allowed-account-ids: /,
  ],
  [
    'another STS with the audience that opens every role',
    { ...AWS, 'aws-sts-endpoint': 'https://sts.evil.example' },
    /^\[inputs\/invalid\] aws-sts-endpoint: /,
  ],
  [
    'a partition that the role is not in',
    { ...AWS, 'aws-region': 'cn-north-1' },
    /^\[inputs\/invalid\] aws-region: .*aws-cn/,
  ],
  [
    "a project's id where its number belongs",
    { 'gcp-workload-identity-provider': GCP['gcp-workload-identity-provider'].replace('123456789012', 'octo-project') },
    /^\[inputs\/invalid\] gcp-workload-identity-provider: /,
  ],
  ['a lifetime that direct federation cannot have', DIRECT, /^\[inputs\/invalid\] gcp-token-lifetime: /],
  ['a Vault without TLS', { ...VAULT, 'vault-url': 'http://vault.example.com' }, /^\[inputs\/invalid\] vault-url: /],
  [
    'a Vault address with a password in it',
    { ...VAULT, 'vault-url': 'https://me:pass@vault.example.com' },
    /^\[inputs\/invalid\] vault-url: /,
  ],
  [
    "a cloud's audience for Vault",
    { ...VAULT, 'vault-audience': 'sts.amazonaws.com' },
    /^\[inputs\/invalid\] vault-audience: /,
  ],
  [
    'one audience for two clouds',
    { ...AWS, ...VAULT, 'aws-audience': 'https://vault.example.com' },
    /^\[inputs\/invalid\] vault-audience: .*for aws too/,
  ],
  ['a login for nothing', { 'vault-url': VAULT['vault-url'] }, /^\[inputs\/missing\] vault-secrets: /],
  [
    'a secret that would become NODE_OPTIONS',
    { ...VAULT, 'vault-secrets': 'secret/data/app x | NODE_OPTIONS' },
    /^\[inputs\/invalid\] vault-secrets, line 1: NODE_OPTIONS /,
  ],
  [
    'a path that climbs',
    { ...VAULT, 'vault-secrets': 'secret/../sys/raw x | X' },
    /^\[inputs\/invalid\] vault-secrets, line 1: /,
  ],
  [
    'one name for two secrets',
    { ...VAULT, 'vault-secrets': 'secret/data/a x | X\nsecret/data/b y | X' },
    /^\[inputs\/name-twice\] vault-secrets, lines 1 and 2: X is named twice/,
  ],
  [
    'what has an effect on a chain alone, without one',
    { ...AWS, 'aws-external-id': 'octo' },
    /^\[inputs\/invalid\] aws-external-id: /,
  ],
])('%s: refused before anything is asked', async (_, inputs, told) => {
  const messages = problems(await play(world, { with: inputs }));
  expect(messages).toEqual([expect.stringMatching(told)]);
});

it('everything that is wrong, over all clouds, in one run', async () => {
  const inputs = {
    ...FOUR,
    timeout: '1s',
    'on-revoke-failure': 'ignore',
    'aws-region': 'Europe',
    'aws-session-name': 'x',
    'azure-tenant-id': '..',
    'azure-cloud': 'germany',
    'gcp-service-account': 'deploy',
    'gcp-scopes': 'everything',
    'vault-role': 'a/b',
    'vault-secret': 'secret/data/app x | X',
  };
  const messages = problems(await play(world, { with: inputs }));
  expect(messages.map((message) => /^\[(.*?)\] ([\w-]+):/.exec(message)?.slice(1).join(' ')).sort()).toEqual([
    'inputs/invalid aws-region',
    'inputs/invalid aws-session-name',
    'inputs/invalid azure-cloud',
    'inputs/invalid azure-tenant-id',
    'inputs/invalid gcp-scopes',
    'inputs/invalid gcp-service-account',
    'inputs/invalid on-revoke-failure',
    'inputs/invalid timeout',
    'inputs/invalid vault-role',
    'inputs/unknown vault-secret',
  ]);
});

it("what does not go together of Google's inputs, in one run", async () => {
  const messages = problems(
    await play(world, {
      with: {
        ...GCP_DIRECT,
        'gcp-token-format': 'id-token',
        'gcp-delegates': 'relay@octo-project.iam.gserviceaccount.com',
        'gcp-subject': 'admin@octo.example.com',
        'gcp-token-lifetime': '2h',
        'gcp-universe': 'evil.example',
      },
    }),
  );
  expect(messages.map((message) => /^\[inputs\/(\w+)\] ([\w-]+): /.exec(message)?.slice(1).join(' '))).toEqual([
    'invalid gcp-token-lifetime',
    'invalid gcp-token-format',
    'missing gcp-id-token-audience',
    'invalid gcp-delegates',
    'invalid gcp-delegates',
    'invalid gcp-subject',
    'invalid gcp-subject',
    'invalid gcp-subject',
    'invalid gcp-token-lifetime',
    'invalid gcp-universe',
  ]);
});

it('every bad line of vault-secrets, by its number', async () => {
  const lines = [
    'secret/data/app',
    'password | X Y',
    'secret/data/b x | 9X',
    'secret/data/c data.$sum | S',
    'secret/data/d?x=1 y | D',
  ];
  const messages = problems(await play(world, { with: { ...VAULT, 'vault-secrets': lines.join(';\n') } }));
  expect(messages.map((message) => /line (\d)/.exec(message)?.[1])).toEqual(['1', '2', '3', '4', '5']);
});

it('an input that may be secret is never quoted, and a value from a secret stays masked', async () => {
  const secrets = { HEADERS: 'host: hunter2-hunter2', TOKEN: 'ghp_tok\u0001en-with-a-control-character' };
  const played = await play(world, {
    with: { ...VAULT, 'vault-headers': secrets.HEADERS, 'github-token': secrets.TOKEN },
    run: { secrets },
  });
  const messages = problems(played);
  expect(messages).toHaveLength(2);
  expect(`${messages} ${played.main.stdout}`).not.toMatch(/hunter2|ghp_tok/);
});

it('an echo of an input gives the runner no command', async () => {
  const hostile = 'x\n::stop-commands::deadbeef\n##[set-env name=A]b';
  const { main } = await play(world, { with: { ...AWS, 'aws-region': hostile, 'vault-\n::stop-commands::x': 'y' } });
  expect(
    main.stdout.split(/\r?\n/).filter((line) => /^\s*::(?!error|group|endgroup|add-mask|debug)|##\[/.test(line)),
  ).toEqual([]);
});

describe('ca-certificate', () => {
  it.each([
    ['a path where nothing is', '/nowhere/ca.pem', /^\[inputs\/invalid\] ca-certificate: the file cannot be read/],
    ['a text without a certificate', '-----BEGIN CERTIFICATE-----\nnothing\n', /^\[inputs\/invalid\] ca-certificate: /],
  ])('%s: refused before anything is asked', async (_, given, told) => {
    const { result, main, post } = await play(world, { with: { ...AWS, 'ca-certificate': given } });
    expect(result.result).toBe('failure');
    const errors = main.annotations.filter((a) => a.level === 'error').map((a) => a.message);
    expect(errors).toEqual([expect.stringMatching(told)]);
    expect(post?.conclusion).toBe('success');
  });

  it('is refused together with what else is wrong', async () => {
    const path = join(world.caFile, '..', 'empty.pem');
    writeFileSync(path, '');
    const { main } = await play(world, { with: { ...AWS, 'aws-region': 'Europe', 'ca-certificate': path } });
    expect(main.annotations.filter((a) => a.level === 'error')).toHaveLength(2);
  });
});
