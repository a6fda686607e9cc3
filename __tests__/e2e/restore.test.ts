// Behind the post step variables are what they were before the action, unless somebody else has changed them; with several uses of it in a job too.
import { defaultTrust } from '../../sandbox/default-trust.ts';
import type { StepResult } from '../../sandbox/runner/result.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { withPosts } from './posts.ts';
import { ACTION, AWS, AZURE, calm, cleanUp, FOUR, GCP_DIRECT, type Played, play, VAULT } from './scenario.ts';

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

/** Their readers take an empty value for an error. */
const STAY = ['AWS_DEFAULT_REGION', 'AWS_REGION', 'AZURE_AUTHORITY_HOST', 'CLOUDSDK_CORE_PROJECT'];

interface Use {
  readonly [name: string]: unknown;
}
function use(inputs: Readonly<Record<string, string>>, more: Use = {}): object {
  return { uses: ACTION, with: inputs, ...more };
}

/** A step that writes variables for all steps behind it. */
function sets(variables: Readonly<Record<string, string>>): object {
  const lines = Object.entries(variables).map(([name, value]) => `${name}<<END_OF_VALUE\n${value}\nEND_OF_VALUE`);
  return { name: 'sets', env: { LINES: lines.join('\n') }, run: 'printf "%s\\n" "$LINES" >> "$GITHUB_ENV"' };
}

function stages({ result }: Played, kind: 'main' | 'post'): StepResult[] {
  return result.steps.filter((step) => step.uses === ACTION && step.kind === kind);
}

/** The variables that exported ones have at the job's end. */
function atTheEnd({ result }: Played): Record<string, string> {
  return Object.assign({}, ...result.steps.map((step) => step.exported));
}

function said(post: StepResult | undefined): string | undefined {
  return post?.log.find((line) => line.startsWith('Variables: '));
}

describe('one use', () => {
  it('variables that were not set before become empty, where their readers take that for absent', async () => {
    const played = await play(world, { with: FOUR });
    const { main, post } = played;
    const cleared = Object.entries(post?.exported ?? {});
    expect(cleared.filter(([, value]) => value !== '')).toEqual([]);
    const names = cleared.map(([name]) => name);
    expect([...names, ...STAY].sort()).toEqual(Object.keys(main.exported).sort());
    expect(said(post)).toBe(
      `Variables: ${names.length} put back, left as they are: AWS_REGION, AWS_DEFAULT_REGION, AZURE_AUTHORITY_HOST, CLOUDSDK_CORE_PROJECT`,
    );
    expect(post?.annotations).toEqual([]);
  });

  it('variables that were set before, by the job or by a step, are what they were', async () => {
    const before = {
      AWS_REGION: 'us-gov-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      AZURE_CLIENT_ID: '99999999-9999-4999-8999-999999999999',
      GOOGLE_APPLICATION_CREDENTIALS: '/somewhere/key.json',
    };
    const byStep = { APP_PASSWORD: 'the earlier password', ARM_USE_OIDC: 'false' };
    const played = await play(world, { env: before, steps: [sets(byStep), use(FOUR)] });
    const { later, post } = played;
    for (const [name, value] of Object.entries({ ...before, ...byStep })) {
      expect(later[name]).toBeTruthy();
      expect(later[name]).not.toBe(value);
    }
    expect(post?.exported).toMatchObject({ ...before, ...byStep });
    // An earlier secret was in nobody's log yet, and is not now.
    const log = stages(played, 'main')
      .concat(post ?? [])
      .flatMap((step) => step.log.filter((line) => !line.startsWith('  ')));
    expect(log.join('\n')).not.toContain(before.AWS_SECRET_ACCESS_KEY);
    expect(played.result.masks).toEqual(expect.arrayContaining([before.AWS_SECRET_ACCESS_KEY, byStep.APP_PASSWORD]));
    expect(played.result.masks).not.toContain(before.AZURE_CLIENT_ID);
  });

  it("post's own GITHUB_ENV, which holds the earlier secrets again, is closed to others", async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
    const { post, result } = await play(world, { with: AWS, env });
    const file = result.leftovers.find((left) => left.path === post?.commandFiles.env);
    expect(file?.content.toString()).toContain(env.AWS_SECRET_ACCESS_KEY);
    expect(file?.mode).toBe(0o600);
  });

  it.each([
    ['several lines, one of which looks like an assignment', 'first line\nNODE_OPTIONS=--import evil\nEOF\n'],
    ['quotes, blanks and signs of the shell', ' \'"$(id)`id`\\n %0A ::set-env name=X::y '],
    ['letters beyond ASCII', 'pässwörd 🔑 \u2028'],
    ['a carriage return', 'one\rtwo\r'],
    ['a very long value', 'x'.repeat(20_000)],
  ])('the earlier value is the same to the last character: %s', async (_, value) => {
    const played = await play(world, { steps: [sets({ APP_PASSWORD: value }), use(VAULT)] });
    expect(played.later.APP_PASSWORD).toBe('correct horse battery staple');
    expect(played.post?.exported.APP_PASSWORD).toBe(value);
    expect(Object.keys(played.post?.exported ?? {}).sort()).toEqual(['APP_PASSWORD', 'DB_PASSWORD', 'DB_USER']);
  });

  it('an earlier empty value is an absent one', async () => {
    const played = await play(world, { steps: [sets({ AWS_PROFILE: '', AWS_SESSION_TOKEN: '' }), use(AWS)] });
    expect(played.post?.exported.AWS_SESSION_TOKEN).toBe('');
    expect(played.post?.exported).not.toHaveProperty('AWS_PROFILE');
  });

  it('what a later step has changed is left to it, and named', async () => {
    const changed = { AWS_SESSION_TOKEN: 'a token of its own', DB_USER: '', GCLOUD_PROJECT: 'another-project' };
    const played = await play(world, { steps: [use(FOUR), sets(changed)] });
    for (const name of Object.keys(changed)) expect(played.post?.exported).not.toHaveProperty(name);
    expect(atTheEnd(played)).toMatchObject(changed);
    for (const name of Object.keys(changed)) expect(said(played.post)).toContain(name);
    expect(played.post?.exported).toMatchObject({ AWS_SECRET_ACCESS_KEY: '', DB_PASSWORD: '' });
  });

  it('run again, writes the same', async () => {
    const played = await withPosts([{}, {}], (folder) => {
      const run = { actions: () => folder, observe: false };
      return play(world, { env: { AWS_REGION: 'us-east-2' }, steps: [use(AWS)], run });
    });
    expect(atTheEnd(played)).toMatchObject({ AWS_REGION: 'us-east-2', AWS_SECRET_ACCESS_KEY: '' });
  });

  it.each([
    ['nothing was exported', { ...FOUR, 'export-env': 'false' }],
    ['a cloud refused', { ...FOUR, 'aws-role-arn': 'arn:aws:iam::123456789012:role/unknown' }],
    ['an input was wrong', { ...FOUR, 'aws-region': 'nowhere!' }],
  ])('writes nothing where %s', async (_, inputs) => {
    const before = { AWS_REGION: 'us-east-2', APP_PASSWORD: 'the earlier password' };
    const { main, post } = await play(world, { with: inputs, env: before });
    expect([main.exported, post?.exported]).toEqual([{}, {}]);
    expect(post?.conclusion).toBe('success');
  });
});

describe('two uses in one job', () => {
  it('of different clouds: each post ends its own', async () => {
    const played = await play(world, { steps: [use(VAULT), use({ ...AWS, ...AZURE, ...GCP_DIRECT })] });
    const [last, first] = stages(played, 'post');
    expect(
      Object.keys(last?.exported ?? {}).filter((name) => !/^(AWS|AZURE|ARM|GOOGLE|GC|CLOUDSDK)/.test(name)),
    ).toEqual([]);
    expect(last?.log).toContain('Credential files: removed');
    expect(last?.log.join('\n')).not.toContain('Vault');
    expect(first?.exported).toEqual({ APP_PASSWORD: '', DB_USER: '', DB_PASSWORD: '' });
    expect(first?.log).toContain('Vault token: revoked');
    expect(played.result.result).toBe('success');
  });

  it("of the same clouds: the first's values come back behind the second's post, and then those before both", async () => {
    const before = { AWS_REGION: 'us-east-2', APP_PASSWORD: 'the earlier password' };
    const second = { ...FOUR, 'aws-session-name': 'second' };
    const played = await play(world, { env: before, steps: [use(FOUR), use(second)] });
    const [main1, main2] = stages(played, 'main');
    const [post2, post1] = stages(played, 'post');
    const one = main1?.exported ?? {};
    for (const name of ['AWS_SESSION_TOKEN', 'AZURE_FEDERATED_TOKEN_FILE', 'DB_PASSWORD']) {
      expect(main2?.exported[name]).not.toBe(one[name]);
      expect(post1?.env[name]).toBe(one[name]);
    }
    expect(post2?.exported).toEqual(one);
    const rest = Object.entries(atTheEnd(played)).filter(([, value]) => value !== '');
    expect(Object.fromEntries(rest)).toEqual({
      ...before,
      AWS_DEFAULT_REGION: one.AWS_DEFAULT_REGION,
      AZURE_AUTHORITY_HOST: one.AZURE_AUTHORITY_HOST,
      CLOUDSDK_CORE_PROJECT: one.CLOUDSDK_CORE_PROJECT,
    });
    expect([post1?.annotations, post2?.annotations]).toEqual([[], []]);
  });

  it('of the same Vault: each post revokes its own lease and token, the last one first', async () => {
    const played = await play(world, { steps: [use(VAULT), use(VAULT)] });
    const issued = world.ledger.all().slice(since);
    const tokens = issued.filter((entry) => entry.kind === 'service token').map(({ secrets }) => secrets[0]);
    expect(tokens).toHaveLength(2);
    const revocations = world.traffic.filter((t) => /revoke/.test(t.operation));
    expect(revocations.map((t) => [t.operation, tokens.indexOf(t.call.headers['x-vault-token'])])).toEqual([
      ['sys/leases/revoke', 1],
      ['auth/token/revoke-self', 1],
      ['sys/leases/revoke', 0],
      ['auth/token/revoke-self', 0],
    ]);
    for (const entry of issued.filter((e) => e.revocable)) expect(entry.endedBy).toBe('revoked');
    expect(stages(played, 'post').map((post) => post.conclusion)).toEqual(['success', 'success']);
  });

  it('the second is refused: its post has nothing to do, and the first has its values to the end', async () => {
    const refused = { ...FOUR, 'aws-role-arn': 'arn:aws:iam::123456789012:role/unknown' };
    const played = await play(world, { steps: [use(FOUR), use(refused)] });
    const [post2, post1] = stages(played, 'post');
    expect(played.later.AWS_SESSION_TOKEN).toBe(stages(played, 'main')[0]?.exported.AWS_SESSION_TOKEN);
    expect(post2?.exported).toEqual({});
    expect(post1?.exported).toMatchObject({ AWS_SESSION_TOKEN: '', DB_PASSWORD: '' });
    expect(post1?.log).toContain('Vault token: revoked');
  });

  it('the first is refused and let pass: the second is as if it were alone', async () => {
    const refused = use(
      { ...AWS, 'aws-role-arn': 'arn:aws:iam::123456789012:role/unknown' },
      { 'continue-on-error': true },
    );
    const played = await play(world, { steps: [refused, use(FOUR)] });
    expect(played.result.result).toBe('success');
    expect(
      Object.entries(atTheEnd(played))
        .filter(([, value]) => value !== '')
        .map(([name]) => name)
        .sort(),
    ).toEqual(STAY);
  });

  it("a step between them that changes the first's values: they come back as it left them", async () => {
    const between = { AWS_REGION: 'ap-south-1', DB_USER: 'somebody' };
    const played = await play(world, { steps: [use(FOUR), sets(between), use(FOUR)] });
    const [post2, post1] = stages(played, 'post');
    expect(post2?.exported).toMatchObject(between);
    for (const name of Object.keys(between)) expect(post1?.exported).not.toHaveProperty(name);
    expect(atTheEnd(played)).toMatchObject(between);
  });
});
