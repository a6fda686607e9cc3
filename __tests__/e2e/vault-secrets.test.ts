// `vault-secrets` as a whole, by the built action: every engine of the table, writes, files, and what a lost answer leaves.
import { basename, dirname } from 'node:path';
import type { StepResult } from '../../sandbox/runner/result.ts';
import type { Traffic } from '../../sandbox/service.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { trustOf } from '../sandbox/vault/trust.ts';
import { ACTION, calm, cleanUp, play, VAULT } from './scenario.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ trust: { vault: trustOf('vault') } });
});
afterEach(() => {
  cleanUp();
  calm(world);
});
afterAll(() => world.stop());

const asking = (...lines: string[]) => ({ ...VAULT, 'vault-secrets': lines.join('\n') });
const calls = (operation = /^(read|write)$/): Traffic[] =>
  world.traffic.filter((t) => t.service === 'vault' && operation.test(t.operation) && !t.call.path.endsWith('/revoke'));
const paths = () => calls().map((t) => `${t.call.method} ${t.call.path.replace('/v1/', '')}`);
const failed = (step: StepResult) => step.annotations.flatMap((a) => /^\[([^\]]+)\]/.exec(a.message)?.[1] ?? []);
const posted = (post: StepResult | undefined, what: string) =>
  post?.log.find((line) => line.includes(what))?.replace(/.*?: /, '') ?? '';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJCI1QEbASX3adalS4gT0kM4e3GHYuVY+swmVl5A617A';

/** A line, what the variable V then holds, and what post says of it; undefined: post has nothing to say. */
type Engine = readonly [line: string, value: RegExp, ending: RegExp | undefined];
const ENGINES: readonly Engine[] = [
  ['secret/data/app password | V', /^second password$/, undefined],
  ['secret/app password | V', /^second password$/, undefined],
  ['secret/data/app?version=1 password | V', /^first password$/, undefined],
  ['kv1/app password | V', /^version one password$/, undefined],
  ['database/creds/readonly password | V', /^.{20}$/, /^revoked$/],
  ['aws/creds/user secret_key | V', /^.{40}$/, /^revoked$/],
  ['aws/sts/session session_token | V', /^IQoJ/, /^not revoked; it ends at .*revoking its lease would not end it/],
  ['POST aws/sts/session {"ttl":"15m"} secret_key | V', /^.{40}$/, /^not revoked; it ends at/],
  ['azure/creds/reader client_secret | V', /8Q~/, /^revoked$/],
  ['gcp/roleset/reader/token token | V', /^ya29/, undefined],
  ['gcp/roleset/reader/key private_key_data decode base64 | V', /"type":"service_account"/, /^revoked$/],
  ['terraform/creds/team token | V', /atlasv1/, /^revoked$/],
  ['terraform/creds/legacy token | V', /atlasv1/, undefined],
  [
    'POST pki/issue/web {"common_name":"a.example.com","ttl":"1h"} private_key | V',
    /^-----BEGIN EC PRIVATE KEY|^-----BEGIN PRIVATE KEY/,
    undefined,
  ],
  ['POST pki/issue/leased {"common_name":"a.example.com","ttl":"1h"} private_key | V', /PRIVATE KEY/, /^revoked$/],
  [
    `POST ssh/sign/user {"public_key":"${KEY}","valid_principals":"deploy"} signed_key | V`,
    /^ssh-ed25519-cert/,
    undefined,
  ],
  ['POST ssh/creds/otp {"ip":"10.1.2.3"} key | V', /^[0-9a-f-]{36}$/, /^revoked$/],
  ['rabbitmq/creds/app password | V', /^.{36}$/, /^revoked$/],
  ['consul/creds/app token | V', /^[0-9a-f-]{36}$/, /^revoked$/],
  ['nomad/creds/app secret_id | V', /^[0-9a-f-]{36}$/, /^revoked$/],
  ['POST kubernetes/creds/made {"kubernetes_namespace":"ci"} service_account_token | V', /^ey/, /^revoked$/],
  [
    'POST kubernetes/creds/fixed {"kubernetes_namespace":"ci"} service_account_token | V',
    /^ey/,
    /^not revoked; it ends at .*its account stays/,
  ],
  ['ldap/creds/app password | V', /^.{64}$/, /^revoked$/],
  ['ldap/static-cred/svc password | V', /^ldap static password$/, undefined],
  ['POST ldap/library/set/check-out password | V', /^.{64}$/, /^revoked$/],
  ['totp/code/app code | V', /^\d{6}$/, undefined],
  ['POST transit/encrypt/app {"plaintext":"c2VjcmV0IHRleHQ="} ciphertext | V', /^vault:v1:/, undefined],
  ['identity/oidc/token/app token | V', /^ey/, undefined],
];

describe('engines', () => {
  it.each(ENGINES)('%s', async (line, value, ending) => {
    const { result, later, post, main } = await play(world, { with: asking(line) });
    expect(main.annotations.filter((a) => a.level === 'error')).toEqual([]);
    expect(result.result).toBe('success');
    expect(later.V).toMatch(value);
    expect(posted(post, 'Vault lease of ')).toMatch(ending ?? /^$/);
    expect(posted(post, 'Vault token')).toMatch(/^revoked/);
  });

  it('all at once', async () => {
    const named = ENGINES.map(([line], i) => line.replace('| V', `| V${i}`)).filter(
      (line) => !/data\/app|secret\/app/.test(line),
    );
    const { result } = await play(world, { with: asking(...named) });
    expect(result.result).toBe('success');
    expect(paths()).toHaveLength(named.length);
  });

  it('what an engine gives in the open is not masked, its secrets are', async () => {
    const { result, later } = await play(world, {
      with: asking('database/creds/readonly username | DB_USER', 'database/creds/readonly password | DB_PASSWORD'),
    });
    expect(paths()).toEqual(['GET database/creds/readonly']);
    expect([result.masks.includes(later.DB_PASSWORD ?? ''), result.masks.includes(later.DB_USER ?? '')]).toEqual([
      true,
      false,
    ]);
  });
});

describe('a written secret', () => {
  it('is a new version, once, and masked', async () => {
    const body = '{"data":{"password":"written by the job"},"options":{"cas":0}}';
    const { result, later } = await play(world, {
      with: asking(`POST secret/data/new ${body} version | VERSION`, `PUT secret/data/new ${body} created_time | WHEN`),
    });
    expect(result.result).toBe('success');
    expect([later.VERSION, later.WHEN]).toEqual(['1', expect.stringMatching(/^20/)]);
    expect(paths()).toEqual(['POST secret/data/new']);
    expect(result.masks).toContain('written by the job');
    const read = await play(world, { with: asking('secret/data/new password | P') });
    expect(read.later.P).toBe('written by the job');
  });

  it('is refused over another version, with advice', async () => {
    const { main } = await play(world, {
      with: asking('POST secret/data/app {"data":{"a":"some value"},"options":{"cas":7}}'),
    });
    expect(failed(main)).toEqual(['vault/version-conflict']);
  });

  it('may have no selector, and a KV v1 store no answer', async () => {
    const { result } = await play(world, {
      with: asking('POST kv1/fresh {"password":"written into the first version"}', 'kv1/app password | P'),
    });
    expect(result.result).toBe('success');
  });
});

describe('files', () => {
  it("are 0600 in the step's folder, named by variable and output, and gone after post", async () => {
    const { result, main, later } = await play(world, {
      steps: [
        {
          id: 'federate',
          uses: ACTION,
          with: asking(
            'secret/data/app password as file | PASSWORD_FILE',
            'gcp/roleset/reader/key private_key_data decode base64 as file | KEY_FILE',
            'POST pki/issue/web {"common_name":"a.example.com"} private_key as file | tls_key',
            'POST pki/issue/web {"common_name":"a.example.com"} certificate as file | TLS_KEY',
          ),
        },
        {
          run: 'stat -c "%a %s" "$PASSWORD_FILE" > look.txt; grep -o service_account "$KEY_FILE" >> look.txt; tail -c1 "$tls_key" | od -An -c >> look.txt',
        },
      ],
    });
    expect(result.result).toBe('success');
    const look = result.leftovers.find((file) => basename(file.path) === 'look.txt')?.content.toString();
    expect(look?.split('\n').map((line) => line.trim())).toEqual(['600 15', 'service_account', '\\n', '']);
    expect(dirname(later.KEY_FILE ?? '')).toBe(dirname(later.PASSWORD_FILE ?? ''));
    expect(basename(dirname(later.KEY_FILE ?? ''))).toMatch(/^workload-identity-[0-9a-f]{32}$/);
    expect(main.outputs.PASSWORD_FILE).toBe(later.PASSWORD_FILE);
    expect(basename(later.tls_key ?? '').toLowerCase()).not.toBe(basename(later.TLS_KEY ?? '').toLowerCase());
  });
});

describe('a lost answer', () => {
  it.each([
    ['kv1/app password | V', 2],
    ['secret/data/app password | V', 2],
    ['database/creds/readonly password | V', 1],
    ['aws/creds/user secret_key | V', 1],
    ['POST pki/issue/leased {"common_name":"a.example.com"} private_key | V', 1],
    ['POST secret/data/lost {"data":{"a":"some value"}}', 1],
    ['POST transit/encrypt/app {"plaintext":"c2VjcmV0IHRleHQ="} ciphertext | V', 2],
  ])('of %s: asked %d times, and no lease outlives the token', async (line, times) => {
    const before = world.ledger.all('vault').length;
    world.faults.push({ kind: 'reset-after', service: 'vault', operation: /^(read|write)$/ });
    const { result, main } = await play(world, { with: asking(line) });
    expect(result.result).toBe(times === 2 ? 'success' : 'failure');
    expect(failed(main)).toEqual(times === 2 ? [] : ['vault/unreachable']);
    expect(calls()).toHaveLength(times);
    const made = world.ledger.all('vault').slice(before);
    const leases = made.filter((entry) => entry.kind === 'lease' && entry.revocable);
    expect(leases.every((lease) => lease.endedBy === 'with its token')).toBe(true);
    expect(made.find((entry) => entry.kind === 'service token')?.endedBy).toBe('revoked');
  });
});

describe('what the login tells', () => {
  it.each([
    ['once', 'secret/data/app password | A', 'kv1/app password | B'],
    ['once', 'database/creds/readonly password | A'],
  ])('a token for %s is too little for %s: nothing is made', async (role, ...lines) => {
    const before = world.ledger.all('vault').filter((entry) => entry.kind === 'lease').length;
    const { main } = await play(world, { with: { ...asking(...lines), 'vault-role': role } });
    expect(failed(main)).toEqual(['vault/token-uses']);
    expect(calls()).toEqual([]);
    expect(world.ledger.all('vault').filter((entry) => entry.kind === 'lease')).toHaveLength(before);
  });

  it('a lease that is longer than its token is warned of', async () => {
    const { main } = await play(world, {
      with: { ...asking('database/creds/readonly password | V'), 'keep-fresh': 'never' },
    });
    expect(main.annotations.map((a) => a.message).join()).toMatch(/would run until .* but ends with its token/);
  });
});

it('every wrong line is told, and nothing is asked of Vault', async () => {
  const { main } = await play(world, {
    with: asking(
      'secret/data/app',
      'POST auth/token/create {"ttl":"1h"} x | T',
      'POST a/b {"x":1',
      'secret/data/app x decode hex',
      'secret/data/app $x | N',
    ),
  });
  expect(main.annotations.map((a) => /line (\d)/.exec(a.message)?.[1])).toEqual(['1', '2', '3', '4', '5']);
  expect(world.traffic.filter((t) => t.service === 'vault')).toEqual([]);
});
