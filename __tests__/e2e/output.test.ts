// What the built action prints: texts of strangers in every place that a remote answer can fill, debug switches, summaries, and who gets what.
import { claimsOf, defaultJob, type JobIdentity } from '../../sandbox/github/job.ts';
import type { StepResult } from '../../sandbox/runner/result.ts';
import { readCommand } from '../../sandbox/runner/workflow-command.ts';
import type { Fault, Reply } from '../../sandbox/service.ts';
import { json } from '../../sandbox/service.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { ACTION, AWS, AZURE, calm, cleanUp, FOUR, GCP, GCP_DIRECT, type Played, play, VAULT } from './scenario.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  cleanUp();
  calm(world);
  world.github.job = defaultJob;
  // What a test allowed to be alive is not the next one's.
  for (const entry of world.ledger.owed()) world.ledger.end(entry, 'expired');
});
afterAll(() => world.stop());

const STS = 'sts.eu-west-1.amazonaws.com';
const IAM = 'iamcredentials.googleapis.com';

/** Both grammars of the runner's commands, line ends of every kind, escapes of terminals, Markdown and HTML; within what `plain` keeps. */
const COMMANDS =
  '::stop-commands::pwned-1\r\n::add-mask::of\n \u0085::stop-commands::pwned-2\u2028::stop-commands::pwned-3 ##[stop-commands]pwned-4 ##[set-output name=x]pwned-5\r##[add-mask]of\u001b[31m\u0007 %0A::stop-commands::pwned-6 <img src=x> [a](b) | `c';
const SEGMENT = Buffer.from('{"alg":"none","stranger":true}').toString('base64url');
/** Ten kilobytes, with something like a token where it is cut and at its beginning. */
const LONG = `${SEGMENT}.${SEGMENT}.c2lnbmF0dXJlLW9mLWEtc3RyYW5nZXI ${'x'.repeat(230)} ${SEGMENT}.${SEGMENT}.c2lnbmF0dXJl ${'y'.repeat(10_000)}`;
const TEXTS = [
  ['commands', COMMANDS],
  ['ten kilobytes and tokens', LONG],
] as const;

const OURS = ['add-mask', 'group', 'endgroup', 'error', 'warning', 'notice', 'debug'];
const ALL = new Set([
  ...OURS,
  'stop-commands',
  'set-output',
  'save-state',
  'set-env',
  'add-path',
  'echo',
  'add-matcher',
]);

/** Shows that the runner still obeys: what is masked now is masked. */
const SESAME = { name: 'sesame', if: 'always()', run: 'echo "::add-mask::open-sesame"; echo "say open-sesame of"' };

function followed(inputs: Readonly<Record<string, string>>, ...steps: object[]): object[] {
  return [{ name: 'federate', id: 'federate', uses: ACTION, with: inputs }, ...steps];
}

/** Every line that the two stages wrote is either plain text or a command that we meant, in one line, of a length that people read. */
function expectTame({ result, main, post, log }: Played): void {
  for (const step of [main, ...(post ? [post] : [])]) {
    expect(step.stderr).toBe('');
    for (const line of step.stdout.split('\n')) expectTameLine(line);
    // In its fence a text is no markup, as long as it cannot end it.
    const pieces = step.summary.split('```');
    expect(pieces.length % 2).toBe(1);
    for (const markup of pieces.filter((_, i) => i % 2 === 0)) expect(markup).not.toMatch(/(^|[^\\])(<img|\]\(b\))/);
    expect(step.summary).not.toMatch(/eyJ[\w-]{6,}\.|\p{Cc}(?<!\n)/u);
    for (const { message } of step.annotations) expect(message).not.toMatch(/[\r\n]|eyJ[\w-]{6,}\./);
  }
  expect(result.masks).not.toContain('of');
  expect(result.masks.filter((mask) => mask.startsWith('pwned'))).toEqual([]);
  expect(log).toContain('say *** of');
}

function expectTameLine(line: string): void {
  const command = readCommand(line, ALL);
  if (command) expect(OURS).toContain(command.name);
  if (command?.name === 'add-mask') return;
  expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(line).not.toMatch(/eyJ[\w-]{6,}\./);
  expect(line.length).toBeLessThan(1_500);
}

function errors({ main }: Played): string[] {
  return main.annotations.filter((a) => a.level === 'error').map((a) => /^\[([^\]]+)\]/.exec(a.message)?.[1] ?? '');
}

const xml = (code: string, message: string): Reply => ({
  status: 403,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll('<', '&lt;')}</Message></Error><RequestId>${message.replaceAll('<', '&lt;')}</RequestId></ErrorResponse>`,
});
const always = Number.POSITIVE_INFINITY;
const secretOf = (data: object, lease = ''): Reply =>
  json(200, { request_id: 'r', lease_id: lease, lease_duration: 60, data: { data, metadata: { version: 1 } } });

/** Where a remote answer's own words can get into ours. */
const PLACES: readonly (readonly [string, Record<string, string>, (text: string) => Fault[], readonly string[]])[] = [
  [
    "STS's refusal",
    AWS,
    (text) => [{ kind: 'status', host: STS, reply: xml('AccessDenied', text), times: always }],
    ['aws/'],
  ],
  [
    "Entra's refusal",
    AZURE,
    (text) => [
      {
        kind: 'status',
        service: 'azure',
        reply: json(401, { error: text, error_description: text, error_codes: [7000229], trace_id: text }),
        times: always,
      },
    ],
    ['azure/'],
  ],
  [
    "Google's refusal",
    GCP,
    (text) => [
      { kind: 'status', service: 'gcp', reply: json(400, { error: text, error_description: text }), times: always },
    ],
    ['gcp/'],
  ],
  [
    "Vault's refusal",
    VAULT,
    (text) => [{ kind: 'status', service: 'vault', reply: json(400, { errors: [text, text] }), times: always }],
    ['vault/'],
  ],
  [
    "the OIDC endpoint's refusal",
    AWS,
    (text) => [{ kind: 'status', service: 'github', reply: json(400, { message: text }), times: always }],
    ['identity/refused'],
  ],
  [
    'a refusal in no form at all',
    FOUR,
    (text) => [{ kind: 'status', reply: { status: 400, body: text }, times: always }],
    ['identity/refused'],
  ],
  [
    'a claim of a token that speaks of another job',
    AWS,
    (text) => [
      {
        kind: 'status',
        service: 'github',
        reply: json(200, { value: world.github.mint('sts.amazonaws.com', { run_id: text, sub: text }) }),
        times: always,
      },
    ],
    ['identity/mismatch'],
  ],
  [
    'the refusal of a service account',
    GCP,
    (text) => [
      {
        kind: 'status',
        host: IAM,
        reply: json(403, { error: { code: 403, status: text, message: text, details: [{ reason: text }] } }),
        times: always,
      },
    ],
    ['gcp/'],
  ],
  [
    "a session's name",
    AWS,
    (text) => [{ kind: 'status', host: STS, reply: session({ arn: text }), times: always }],
    ['aws/bad-answer'],
  ],
  [
    'the keys of a secret that lacks the one',
    VAULT,
    (text) => [
      { kind: 'status', operation: 'read', reply: secretOf({ [text]: 'value', [`k${text}`]: '1' }), times: always },
    ],
    ['vault/key-missing'],
  ],
  [
    'the keys of a secret that is taken whole',
    { ...VAULT, 'vault-secrets': 'secret/data/app **' },
    (text) => [{ kind: 'status', operation: 'read', reply: secretOf({ [`node_${text}`]: 'value' }), times: always }],
    ['vault/key-missing'],
  ],
  [
    'the refusal of a secret',
    VAULT,
    (text) => [
      { kind: 'status', operation: 'read', reply: json(403, { errors: [text] }), times: always },
      {
        kind: 'status',
        operation: 'sys/internal/ui/mounts',
        reply: json(200, { data: { path: text, type: text, options: { version: text } } }),
        times: always,
      },
    ],
    ['vault/read-refused'],
  ],
];

function session(odd: { arn?: string; token?: string; requestId?: string }): Reply {
  const arn = odd.arn ?? 'arn:aws:sts::123456789012:assumed-role/deploy/gh';
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;');
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': odd.requestId ?? '1' },
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>AROA:gh</AssumedRoleId><Arn>${escaped(arn).replace(/[^\x20-\x7e\n]/g, '')}</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00</SecretAccessKey><SessionToken>${escaped(odd.token ?? 'FwoGZXIvYXdzEXAMPLEtoken1234567890')}</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`,
  };
}

describe.each(TEXTS)("strangers' words: %s", (_, text) => {
  it.each(PLACES)('%s', async (_place, inputs, faults, ids) => {
    world.faults.push(...faults(text));
    const played = await play(world, { steps: followed(inputs, SESAME) });
    expect(played.result.result).toBe('failure');
    expect(errors(played)).toEqual(ids.map((id) => expect.stringContaining(id)));
    expect(played.main.exported).toEqual({});
    expect(played.main.outputs).toEqual({ federated: 'false' });
    expectTame(played);
  });

  it.each([
    ['AWS', AWS],
    ['Azure', AZURE],
    ['Google', GCP],
    ['Vault', VAULT],
  ])('every claim that a job can choose, refused by %s', async (_cloud, inputs) => {
    const identity = (job: Parameters<World['github']['identityFor']>[0]) => {
      const access = world.github.identityFor(job);
      world.github.job = strange(world.github.job, text);
      return { ...access, claims: claimsOf(defaultJob) };
    };
    const played = await play(world, { steps: followed(inputs, SESAME), run: { identity } });
    expect(errors(played)).toHaveLength(1);
    expectTame(played);
  });

  it('what Vault says when post revokes', async () => {
    const reply = json(400, { errors: [text] });
    world.faults.push({ kind: 'status', operation: 'auth/token/revoke-self', reply, times: always });
    world.faults.push({ kind: 'status', operation: 'sys/leases/revoke', reply, times: always });
    const played = await play(world, { steps: followed(VAULT, SESAME) }, { alive: true });
    expect(played.post?.stdout).toContain('vault/token-not-revoked');
    expect(played.result.result).toBe('success');
    expectTame(played);
  });
});

function strange(job: JobIdentity, text: string): JobIdentity {
  const claims = { ref: `refs/heads/${text}`, actor: text, workflow: text, environment: text, workflowPath: text };
  return { ...job, ...claims, jobWorkflowRef: text, enterprise: { slug: text, id: '1' }, properties: { team: text } };
}

describe('hostile values', () => {
  const one = { ...VAULT, 'vault-secrets': 'secret/data/app password | APP_PASSWORD' };

  it.each([
    ['commands', COMMANDS.replaceAll('\u001b', '')],
    ['lines that look like our own file', 'x\nghadelimiter_1\nNODE_OPTIONS=--require=/tmp/x.js\nPATH<<E\n/tmp\nE'],
    ['ten kilobytes', `start ${'0123456789abcdef'.repeat(640)} end`],
  ])('of a secret reach the one variable as they are, and are masked: %s', async (_, value) => {
    world.faults.push({ kind: 'status', operation: 'read', reply: secretOf({ password: value }) });
    const played = await play(world, { steps: followed(one, { run: 'echo "it is $APP_PASSWORD"' }) });
    expect(played.main.exported).toEqual({ APP_PASSWORD: value });
    expect(played.later.APP_PASSWORD).toBe(value);
    for (const line of played.main.stdout.split('\n')) expectTameLine(line);
    for (const line of value
      .split(/\r\n|\r|\n/)
      .map((l) => l.trim())
      .filter((l) => l.length >= 4)) {
      expect(played.result.masks).toContain(line);
    }
  });

  it('with a NUL are refused: no process could be given it', async () => {
    world.faults.push({ kind: 'status', operation: 'read', reply: secretOf({ password: 'before\u0000after' }) });
    const played = await play(world, { with: one });
    expect(played.result.result).toBe('failure');
    expect(played.main.exported).toEqual({});
  });

  it('of a session are refused', async () => {
    world.faults.push({
      kind: 'status',
      host: STS,
      reply: session({ token: 'FwoGZXIvYXdz1234567890\ncredential_process=/tmp/x' }),
    });
    const played = await play(world, { with: AWS });
    expect(errors(played)).toEqual(['aws/bad-answer']);
    expect(played.main.exported).toEqual({});
  });

  it('of a request id stay inert in report and log', async () => {
    const requestId = '##[stop-commands]x ::stop-commands::x $(id) `id` ";id #';
    world.faults.push({ kind: 'status', host: STS, reply: session({ requestId }) });
    const played = await play(world, { steps: followed(AWS, SESAME) });
    expect(played.result.result).toBe('success');
    expect(played.main.outputs.report).not.toMatch(/[$`;#\\()]|\[stop/);
    expectTame(played);
  });
});

describe('debug switches', () => {
  it('of the SDKs print nothing', async () => {
    const machine = { AZURE_LOG_LEVEL: 'verbose', GOOGLE_SDK_NODE_LOGGING: 'all', DEBUG: '*' };
    const { result, main, post } = await play(world, { with: FOUR, machine });
    expect(result.result).toBe('success');
    expect([main.stderr, post?.stderr]).toEqual(['', '']);
    expect(main.stdout).not.toMatch(/azure:|gax|google-auth/);
  });

  it('of Node itself, which has read it before any code of ours runs, show nothing in the log that is secret', async () => {
    const { result, leaks } = await play(
      world,
      { with: FOUR, machine: { NODE_DEBUG: 'http,https,tls,net' } },
      { leaks: true },
    );
    expect(result.result).toBe('success');
    expect(leaks.filter(({ place }) => !/^std(out|err) /.test(place))).toEqual([]);
  });

  it('of the runner: a debug log shows no secret, in success and failure', async () => {
    const { result, log } = await play(world, {
      with: { ...FOUR, 'output-credentials': 'true' },
      run: { debug: true },
    });
    expect(result.result).toBe('success');
    expect(log).toContain('##[debug]');
    world.faults.push({ kind: 'status', host: STS, reply: xml('AccessDenied', 'no') });
    const failed = await play(world, { with: FOUR, run: { debug: true } });
    expect(failed.result.result).toBe('failure');
  });
});

describe('mask-identifiers', () => {
  const ids = [
    '123456789012',
    AZURE['azure-client-id'],
    AZURE['azure-tenant-id'],
    AZURE['azure-subscription-id'],
    'octo-project',
  ];
  /** What the action itself said, in the log and in the summary. */
  const said = ({ main, post }: Played) => {
    const lines = [main, post].flatMap((step) => step?.stdout.split('\n') ?? []);
    return [...lines.filter((line) => !line.startsWith('::add-mask::')), main.summary].join('\n');
  };

  it('hides account, tenant, client and project, in success and failure', async () => {
    const inputs = { ...FOUR, 'mask-identifiers': 'true' };
    const good = await play(world, { with: inputs });
    expect(good.result.result).toBe('success');
    for (const id of ids) expect(said(good)).not.toContain(id);
    expect(good.result.masks).toEqual(expect.arrayContaining(ids));
    expect(good.main.outputs['aws-account-id']).toBe('123456789012');
    world.faults.push({ kind: 'status', service: 'azure', reply: json(401, { error: 'invalid_client' }) });
    world.faults.push({ kind: 'status', host: STS, reply: xml('AccessDenied', `not ${AWS['aws-role-arn']}`) });
    const bad = await play(world, { with: inputs });
    expect(bad.result.result).toBe('failure');
    for (const id of ids) expect(said(bad)).not.toContain(id);
  });

  const QUOTA = { 'gcp-quota-project': 'billing-project' };
  it.each([
    ['AWS', AWS, ['123456789012']],
    ['Azure', AZURE, ids.slice(1, 4)],
    ['Google, directly', { ...GCP_DIRECT, ...QUOTA }, ['123456789012', 'octo-project', 'billing-project']],
    ['Google, as an account whose address holds the project', GCP, ['123456789012', 'octo-project']],
    ['Vault, which has none', VAULT, []],
  ])('by cloud: %s', async (_, inputs, hidden) => {
    const played = await play(world, { with: { ...inputs, 'mask-identifiers': 'true' } });
    expect(played.result.result).toBe('success');
    for (const id of hidden) expect(said(played)).not.toContain(id);
    expect(played.result.masks).toEqual(expect.arrayContaining(hidden));
  });

  it('is off unless asked for', async () => {
    const played = await play(world, { with: FOUR });
    expect(said(played)).toContain('123456789012');
    expect(played.result.masks).not.toEqual(expect.arrayContaining(['123456789012']));
  });
});

describe('the summary', () => {
  const secretive = /123456789012|1111|2222|octo-project|deploy|database\/creds|vault\.example|\bci\b/;

  it.each([
    ['true', true, true],
    ['on-failure', false, true],
    ['false', false, false],
  ])('%s: after success %s, after failure %s', async (summary, afterSuccess, afterFailure) => {
    const good = await play(world, { with: { ...FOUR, summary } });
    expect(good.result.result).toBe('success');
    expect(good.main.summary !== '').toBe(afterSuccess);
    if (afterSuccess) expect(good.main.summary).toMatch(secretive);
    world.faults.push({ kind: 'status', host: STS, reply: xml('AccessDenied', 'no') });
    const bad = await play(world, { with: { ...FOUR, summary } });
    expect(bad.result.result).toBe('failure');
    expect(bad.main.summary !== '').toBe(afterFailure);
    if (afterFailure) expect(bad.main.summary).toContain('aws/');
  });

  it.each([
    ['AWS', AWS, [/AWS session/, /arn:aws:sts::123456789012:assumed-role\/deploy/]],
    ['Azure', AZURE, [/Azure access token/, /11111111-1111/]],
    ['Google', GCP, [/Google access token/, /deploy@octo-project/]],
    ['Vault', VAULT, [/Vault/, /database\/creds\/readonly/]],
  ])('by cloud: of %s names what was issued, to whom, and how it ends', async (_, inputs, words) => {
    const { main } = await play(world, { with: inputs });
    for (const word of words) expect(main.summary).toMatch(word);
    expect(main.summary).toMatch(/expires at 20|revokes it|queues its revocation|revoked/);
  });

  it('of a public repository names no account, tenant or path after success', async () => {
    world.github.job = { ...defaultJob, visibility: 'public' };
    const { result, main, post } = await play(world, { with: FOUR });
    expect(result.result).toBe('success');
    expect(main.summary).toContain('AWS session');
    expect(main.summary).not.toMatch(secretive);
    expect(post?.summary).not.toMatch(secretive);
  });
});

describe('export-env and output-credentials', () => {
  const clouds: Readonly<Record<string, RegExp>> = {
    aws: /^AWS_/,
    azure: /^(AZURE|ARM)_/,
    gcp: /^(GOOGLE|CLOUDSDK|GCLOUD|GCP)_/,
    vault: /^(APP|DB)_/,
  };
  const secrets: Readonly<Record<string, readonly string[]>> = {
    aws: ['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'],
    azure: ['azure-access-token', 'azure-access-tokens'],
    gcp: ['gcp-access-token'],
    vault: ['vault-token', 'APP_PASSWORD', 'DB_USER', 'DB_PASSWORD'],
  };
  const exportedBy = ({ exported }: StepResult) =>
    Object.keys(clouds).filter((cloud) => Object.keys(exported).some((name) => clouds[cloud]?.test(name)));

  it.each([
    ['true', 'false', ['aws', 'azure', 'gcp', 'vault'], []],
    ['false', 'true', [], ['aws', 'azure', 'gcp', 'vault']],
    ['aws, vault', 'azure\ngcp', ['aws', 'vault'], ['azure', 'gcp']],
    ['gcp', 'gcp', ['gcp'], ['gcp']],
  ])('export-env %j, output-credentials %j', async (exportEnv, outputCredentials, exporting, output) => {
    const inputs = { ...FOUR, 'export-env': exportEnv, 'output-credentials': outputCredentials };
    const { result, main } = await play(world, { with: inputs });
    expect(result.result).toBe('success');
    expect(exportedBy(main)).toEqual(exporting);
    const given = Object.values(secrets).flat();
    expect(given.filter((name) => main.outputs[name])).toEqual(output.flatMap((cloud) => secrets[cloud] ?? []));
    // Those that hold nothing secret are always set.
    for (const name of ['aws-account-id', 'azure-token-file', 'gcp-credentials-file', 'expires-at', 'report']) {
      expect(main.outputs[name]).toBeTruthy();
    }
    const values = output.flatMap((cloud) => secrets[cloud] ?? []).filter((name) => name !== 'azure-access-tokens');
    // The database user's name is open: its password is the secret.
    for (const name of values.filter((v) => !/user/i.test(v))) expect(result.masks).toContain(main.outputs[name]);
  });

  it('are checked: a cloud that there is none of', async () => {
    const played = await play(world, { with: { ...GCP_DIRECT, 'export-env': 'gcp, gpc' } });
    expect(errors(played)).toEqual(['inputs/invalid']);
    expect(world.traffic).toEqual([]);
  });
});
