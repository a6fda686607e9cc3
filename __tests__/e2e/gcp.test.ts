// All that Google Cloud can be asked for, on the built action: what is sent, what comes of it, what is masked and how it is said to end.

import { defaultTrust } from '../../sandbox/default-trust.ts';
import { defaultGcpTrust } from '../../sandbox/gcp/trust.ts';
import type { Entry } from '../../sandbox/ledger.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { readClaims } from '../../src/core/claims.ts';
import { ACTION, calm, cleanUp, GCP, GCP_DIRECT, play } from './scenario.ts';

let world: World;
let since: number;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  since = world.ledger.all().length;
});
afterEach(() => {
  cleanUp();
  calm(world);
  Object.assign(world.trust, defaultTrust());
});
afterAll(() => world.stop());

type Inputs = Readonly<Record<string, string>>;
const account = (name: string): Inputs => ({ 'gcp-service-account': `${name}@octo-project.iam.gserviceaccount.com` });
const OUTPUT = { 'output-credentials': 'gcp' };
const NO_FILE = { 'gcp-create-credentials-file': 'false', ...OUTPUT };
const ID = { 'gcp-token-format': 'id-token', 'gcp-id-token-audience': 'https://octo-service.run.app' };
const CHAIN = { ...GCP, ...account('release'), 'gcp-delegates': 'relay@octo-project.iam.gserviceaccount.com' };
const USERS = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
const AS_USER = {
  ...GCP,
  ...account('directory'),
  'gcp-subject': 'admin@octo.example.com',
  'gcp-scopes': USERS,
};

/** What Google issued in this test, in order. */
const issued = (): readonly Entry[] =>
  world.ledger.all('gcp').filter((entry) => world.ledger.all().indexOf(entry) >= since);
const asked = () => world.traffic.filter((t) => t.service === 'gcp').map((t) => t.operation);
const seconds = (entry: Entry) => Math.round(((entry.expiresAt ?? 0) - entry.issuedAt) / 1000);
/** Clocks are read a moment after one another. */
const isNear = (a: number, b: number) => Math.abs(a - b) < 30;
const at = (output: string | undefined) => Date.parse(output ?? '') / 1000;
const holderOf = (inputs: Inputs) =>
  inputs['gcp-subject'] ?? inputs['gcp-service-account'] ?? inputs['gcp-workload-identity-provider'];

const ROWS: readonly (readonly [string, Inputs, readonly string[], string, string, number])[] = [
  ['direct federation', { ...GCP_DIRECT, ...OUTPUT }, ['token'], 'gcp-access-token', 'principal:', 298],
  ['a service account', { ...GCP, ...OUTPUT }, ['token', 'generateAccessToken'], 'gcp-access-token', 'deploy@', 3600],
  [
    'a shorter token',
    { ...GCP, ...OUTPUT, 'gcp-token-lifetime': '4m' },
    ['token', 'generateAccessToken'],
    'gcp-access-token',
    'deploy@',
    240,
  ],
  [
    'twelve hours through a delegate, by the policy of the organisation',
    { ...CHAIN, ...NO_FILE, 'gcp-token-lifetime': '12h' },
    ['token', 'generateAccessToken'],
    'gcp-access-token',
    'release@',
    43_200,
  ],
  ['an ID token alone', { ...GCP, ...NO_FILE, ...ID }, ['token', 'generateIdToken'], 'gcp-id-token', 'deploy@', 3600],
  [
    'an ID token beside the file',
    { ...GCP, ...OUTPUT, ...ID },
    ['token', 'generateAccessToken', 'generateIdToken'],
    'gcp-id-token',
    'deploy@',
    3600,
  ],
  ['a user', { ...AS_USER, ...NO_FILE }, ['token', 'signJwt', 'token'], 'gcp-access-token', 'admin@', 3600],
];

describe.each(ROWS)('%s', (_, inputs, operations, output, holder, lives) => {
  it('is given with no request too many, masked, put out, and said to end', async () => {
    const played = await play(world, { with: { 'keep-fresh': 'never', ...inputs } });
    const { result, main, post } = played;
    expect(result.result).toBe('success');
    expect(asked().sort()).toEqual([...operations].sort());
    const value = main.outputs[output] ?? '';
    const entry = issued().find(({ secrets }) => secrets.includes(value)) as Entry;
    expect(entry.holder).toContain(holder);
    expect(isNear(seconds(entry), lives)).toBe(true);
    // The moment it comes: its mask is the first that the process says of it. What is signed on the way is no exception.
    for (const secret of issued().flatMap(({ secrets }) => secrets)) {
      const first = main.journal.find((e) => (e.text ?? '').includes(secret));
      expect(first).toMatchObject({ kind: 'stdout', text: expect.stringContaining('::add-mask::') });
    }
    // Until when: in the log, in the report, in the outputs.
    expect(main.log).toContainEqual(expect.stringMatching(/^Google .*: not revoked; ends at 20\d\d-/));
    const line = (post?.log ?? []).filter((l) => l.includes(`(${holderOf(inputs)}): not revoked; it ends at `));
    const ends = line.map((l) => at(/ at (\S+)$/.exec(l)?.[1]));
    expect(ends.some((end) => isNear(end, (entry.expiresAt ?? 0) / 1000))).toBe(true);
    const end = Math.floor((entry.expiresAt ?? 0) / 1000);
    const isFirstToEnd = !('gcp-credentials-file' in main.outputs) || lives < 300;
    if (isFirstToEnd) expect(isNear(at(main.outputs['gcp-expires-at']), end)).toBe(true);
    else expect(at(main.outputs['gcp-expires-at'])).toBeLessThan(end);
    const report = JSON.parse(main.outputs.report ?? '');
    expect(JSON.stringify(report)).not.toContain(value);
    expect(post?.conclusion).toBe('success');
  });
});

it('the ID token names the audience, and the address where that is asked for', async () => {
  const { main } = await play(world, { with: { ...GCP, ...NO_FILE, ...ID, 'gcp-id-token-include-email': 'true' } });
  expect(readClaims(main.outputs['gcp-id-token'] ?? '')).toMatchObject({
    aud: 'https://octo-service.run.app',
    email: GCP['gcp-service-account'],
  });
  const without = await play(world, { with: { ...GCP, ...NO_FILE, ...ID } });
  expect(readClaims(without.main.outputs['gcp-id-token'] ?? '')).not.toHaveProperty('email');
  expect(main.outputs).not.toHaveProperty('gcp-access-token');
});

it.each([
  ['directly', GCP_DIRECT],
  ['of a service account', GCP],
  ['of an ID token', { ...GCP, ...NO_FILE, ...ID }],
  ['of a user', { ...AS_USER, ...NO_FILE }],
])('the reason of the request goes with every call: %s', async (_, inputs) => {
  const reason = 'https://github.com/octo-org/octo-repo/actions/runs/1';
  await play(world, { with: { ...inputs, 'gcp-request-reason': reason } });
  const calls = world.traffic.filter((t) => t.service === 'gcp');
  expect(calls.map((t) => t.call.headers['x-goog-request-reason'])).toEqual(calls.map(() => reason));
});

it('the quota project is in the file and in the environment', async () => {
  const look = { name: 'look', run: 'cp "$GOOGLE_APPLICATION_CREDENTIALS" look.json' };
  const use = { id: 'federate', uses: ACTION, with: { ...GCP, 'gcp-quota-project': 'billing-project' } };
  const { main, result } = await play(world, { steps: [use, look] });
  expect(main.exported.GOOGLE_CLOUD_QUOTA_PROJECT).toBe('billing-project');
  const file = result.leftovers.find(({ path }) => path.endsWith('look.json'))?.content.toString() ?? '{}';
  expect(JSON.parse(file)).toMatchObject({ quota_project_id: 'billing-project', universe_domain: 'googleapis.com' });
});

describe('another universe', () => {
  it('that is listed: its own hosts and names, for later steps too', async () => {
    world.trust.gcp = { ...defaultGcpTrust, universe: 's3nsapis.fr' };
    const { result, main } = await play(world, { with: { ...GCP, 'gcp-universe': 's3nsapis.fr' } });
    expect(result.result).toBe('success');
    const calls = world.traffic.filter((t) => t.service === 'gcp');
    expect(calls.map((t) => t.call.host)).toEqual(['sts.s3nsapis.fr', 'iamcredentials.s3nsapis.fr']);
    expect(main.exported).toMatchObject({ CLOUDSDK_CORE_UNIVERSE_DOMAIN: 's3nsapis.fr' });
  });

  it('that is not: with an audience of its own', async () => {
    const audience = 'https://identity.octo.example.com';
    const allowed = JSON.parse(
      JSON.stringify(defaultGcpTrust).replaceAll(
        '"attributeMapping"',
        `"allowedAudiences":["${audience}"],"attributeMapping"`,
      ),
    );
    world.trust.gcp = { ...allowed, universe: 'octo-cloud.example' };
    const inputs = { ...GCP, 'gcp-universe': 'octo-cloud.example', 'gcp-audience': audience };
    const { result } = await play(world, { with: inputs });
    expect(result.result).toBe('success');
    const hosts = world.traffic.filter((t) => t.service === 'gcp').map((t) => t.call.host);
    expect(hosts.every((host) => host.endsWith('.octo-cloud.example'))).toBe(true);
  });
});

it.each<[string, Inputs, RegExp]>([
  ['no output carries it', { ...GCP, ...ID }, /gcp-token-format asks for a token, but no output carries it/],
  [
    'nothing at all is delivered',
    { ...CHAIN, 'gcp-create-credentials-file': 'false' },
    /later steps get nothing from Google/,
  ],
  [
    'it outlives the lifetime',
    { ...GCP, ...NO_FILE, ...ID, lifetime: '10m' },
    /outlives the lifetime of 10m and ends at/,
  ],
])('a token is given, and warned of: %s', async (_, inputs, words) => {
  const { result, main } = await play(world, { with: inputs });
  expect(result.result).toBe('success');
  expect(main.annotations.map(({ message }) => message)).toEqual([expect.stringMatching(words)]);
});
