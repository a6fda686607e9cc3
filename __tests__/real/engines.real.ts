// `vault-secrets` by the built action against a real OpenBao: each engine that it has, read or written, and what is left behind it after post.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { basename } from 'node:path';
import { jest } from '@jest/globals';
import { type Backends, startBackends } from '../../real/backends.ts';
import { DOCUMENT } from '../../real/vault-document.ts';
import { startVaultWorld, type VaultWorld } from '../../real/vault-world.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import type { RunResult } from '../../sandbox/runner/result.ts';
import type { VaultServer } from '../../sandbox/vault/trust.ts';
import { soon, stage } from './job.ts';

jest.setTimeout(120_000);

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJCI1QEbASX3adalS4gT0kM4e3GHYuVY+swmVl5A617A';

/** What the administrator grants, for everything below; `sys/leases/revoke` last. */
const POLICY = `
path "secret/data/*" { capabilities = ["create", "read", "update"] }
path "kv1/*" { capabilities = ["create", "read", "update"] }
path "database/creds/readonly" { capabilities = ["read"] }
path "pki/issue/*" { capabilities = ["update"] }
path "ssh/*" { capabilities = ["update"] }
path "transit/*" { capabilities = ["update"] }
path "totp/code/app" { capabilities = ["read"] }
path "rabbitmq/creds/app" { capabilities = ["read"] }
path "kubernetes/creds/*" { capabilities = ["update"] }
path "identity/oidc/token/app" { capabilities = ["read"] }
path "sys/leases/revoke" { capabilities = ["update"] }
`;

const SERVER: VaultServer = {
  ...DOCUMENT,
  policies: { ci: POLICY },
  auth: {
    jwt: {
      ...DOCUMENT.auth.jwt,
      type: 'jwt',
      roles: {
        ci: {
          ...DOCUMENT.auth.jwt?.roles.ci,
          user_claim: 'repository',
          token_ttl: '20m',
          token_explicit_max_ttl: '30m',
        },
      },
    },
  },
  secrets: {
    ...DOCUMENT.secrets,
    pki: {
      type: 'pki',
      roles: {
        web: { allowed_domains: ['example.com'], allow_subdomains: true, max_ttl: '72h' },
        leased: { allowed_domains: ['example.com'], allow_subdomains: true, max_ttl: '72h', generate_lease: true },
      },
    },
    ssh: {
      type: 'ssh',
      roles: {
        user: {
          key_type: 'ca',
          allow_user_certificates: true,
          allowed_users: 'deploy',
          default_user: 'deploy',
          ttl: '30m',
        },
        otp: { key_type: 'otp', default_user: 'deploy', cidr_list: '10.0.0.0/8' },
      },
    },
    transit: { type: 'transit', keys: { app: 'aes256-gcm96', signer: 'ed25519' } },
    totp: { type: 'totp', keys: { app: 'JBSWY3DPEHPK3PXP' } },
    rabbitmq: { type: 'rabbitmq', roles: { app: { tags: 'administrator', default_ttl: '10m', max_ttl: '1h' } } },
    kubernetes: {
      type: 'kubernetes',
      roles: {
        fixed: { allowed_kubernetes_namespaces: ['ci'], service_account_name: 'deployer' },
        made: { allowed_kubernetes_namespaces: ['ci'], kubernetes_role_name: 'edit' },
      },
    },
    identity: { type: 'identity', roles: { app: { ttl: '10m' } } },
  },
};

let vault: VaultWorld;
let backends: Backends;
const results: RunResult[] = [];

beforeAll(async () => {
  backends = await startBackends();
  vault = await startVaultWorld({ document: SERVER, backends });
});
afterEach(() => {
  for (const result of results.splice(0)) result.dispose();
});
afterAll(async () => {
  await vault?.stop();
  await backends?.stop();
});

interface Played {
  readonly result: RunResult;
  readonly exported: Readonly<Record<string, string>>;
  /** What post says of the one lease; empty: nothing. */
  readonly ending: string;
  /** Of each variable that names a file, what it held. */
  readonly files: Readonly<Record<string, string>>;
}

async function play(lines: readonly string[]): Promise<Played> {
  const step = (use: object) => JSON.stringify(use);
  const look =
    'for name in $(env | sed -n "s/^\\(FILE_[A-Z]*\\)=.*/\\1/p"); do cp "$(printenv "$name")" "$name.seen"; done';
  const workflow = `
name: engines
on: push
permissions: { id-token: write }
jobs:
  job:
    runs-on: ubuntu-latest
    steps:
      - ${step({ uses: 'your-org/workload-identity@v1', with: { 'vault-url': SERVER.origin, 'vault-role': 'ci', 'vault-secrets': lines.join('\n') } })}
      - ${step({ run: look })}
`;
  const result = await vault.play(workflow);
  results.push(result);
  expect(stage(result, 'main').annotations.filter((a) => a.level === 'error')).toEqual([]);
  expect(findLeaks({ canaries: vault.world.canaries(), result })).toEqual([]);
  const { exported } = stage(result, 'main');
  const line = stage(result, 'post').log.find((text) => text.includes('Vault lease of '));
  const files = result.leftovers
    .filter((file) => file.path.endsWith('.seen'))
    .map((file) => [basename(file.path, '.seen'), file.content.toString()]);
  return { result, exported, ending: line?.replace(/^.*?: /, '') ?? '', files: Object.fromEntries(files) };
}

const leasesBelow = async (prefix: string): Promise<number> => {
  const { status, body } = await vault.bao.call('LIST', `sys/leases/lookup/${prefix}`);
  return status === 404 ? 0 : ((body?.data ?? { keys: [] }) as { keys: string[] }).keys.length;
};

describe('each engine, by the line of docs/vault-secrets.md', () => {
  it.each<[string, RegExp, RegExp]>([
    ['secret/data/app password | V', /^kv-canary/, /^$/],
    ['secret/app password | V', /^kv-canary/, /^$/],
    ['kv1/app password | V', /^kv-canary/, /^$/],
    ['database/creds/readonly password | V', /^.{20}$/, /^revoked$/],
    ['POST pki/issue/web {"common_name":"a.example.com","ttl":"1h"} private_key | V', /PRIVATE KEY/, /^$/],
    ['POST pki/issue/leased {"common_name":"a.example.com","ttl":"1h"} private_key | V', /PRIVATE KEY/, /^revoked$/],
    [
      `POST ssh/sign/user {"public_key":"${KEY}","valid_principals":"deploy"} signed_key | V`,
      /^ssh-ed25519-cert/,
      /^$/,
    ],
    ['POST ssh/creds/otp {"ip":"10.1.2.3"} key | V', /^[0-9a-f-]{36}$/, /^revoked$/],
    ['POST transit/encrypt/app {"plaintext":"c2VjcmV0IHRleHQ="} ciphertext | V', /^vault:v1:/, /^$/],
    ['POST transit/sign/signer {"input":"aGVsbG8="} signature | V', /^vault:v1:/, /^$/],
    ['totp/code/app code | V', /^\d{6}$/, /^$/],
    ['rabbitmq/creds/app password | V', /^.{36}$/, /^revoked$/],
    ['POST kubernetes/creds/made {"kubernetes_namespace":"ci"} service_account_token | V', /^ey/, /^revoked$/],
    [
      'POST kubernetes/creds/fixed {"kubernetes_namespace":"ci"} service_account_token | V',
      /^ey/,
      /^not revoked; it ends at .*its account stays/,
    ],
    ['identity/oidc/token/app token | V', /^ey/, /^$/],
  ])('%s', async (line, value, ending) => {
    const played = await play([line]);
    expect(played.exported.V).toMatch(value);
    expect(played.ending).toMatch(ending);
    expect(await leasesBelow(`${line.replace(/^POST /, '').split(' ')[0]}/`)).toBe(0);
  });

  it('what was made behind an engine is gone after post', async () => {
    await play([
      'rabbitmq/creds/app password | R',
      'POST kubernetes/creds/made {"kubernetes_namespace":"ci"} service_account_token | K',
    ]);
    expect(await soon(async () => backends.users.size === 0 && backends.objects.size === 0)).toBe(true);
    const { stdout } = await vault.postgres.query("select rolname from pg_roles where rolname like 'v-%'");
    expect(stdout).toBe('');
  });

  it("a cubbyhole is the token's own", async () => {
    const { result } = await play(['POST cubbyhole/note {"text":"a note of the job"}']);
    expect(result.result).toBe('success');
  });
});

describe('what is written', () => {
  it('a new version of a secret, only over the one that is there', async () => {
    const put = (value: string, cas: number) =>
      `POST secret/data/written {"data":{"value":"${value}"},"options":{"cas":${cas}}} version | V`;
    expect((await play([put('the first value', 0)])).exported.V).toBe('1');
    expect((await play([put('the second value', 1)])).exported.V).toBe('2');
    const { body } = await vault.bao.demand('GET', 'secret/data/written');
    expect(body?.data).toMatchObject({ data: { value: 'the second value' } });
    expect((await play(['secret/data/written?version=1 value | V'])).exported.V).toBe('the first value');
  });

  it('a KV v1 secret, which has a key called data', async () => {
    await play(['POST kv1/odd {"data":"a value under data","metadata":"and one beside it"}']);
    const { exported } = await play(['kv1/odd data | D', 'kv1/odd metadata | M']);
    expect([exported.D, exported.M]).toEqual(['a value under data', 'and one beside it']);
  });

  it('a text of transit, there and back, and each path once', async () => {
    const { exported } = await play(['POST transit/encrypt/app {"plaintext":"dGhlcmUgYW5kIGJhY2s="} ciphertext | C']);
    const decrypt = `POST transit/decrypt/app {"ciphertext":"${exported.C}"} plaintext`;
    const before = vault.bao.audit().length;
    const back = await play([`${decrypt} decode base64 | TEXT`, `${decrypt} | B64`]);
    expect([back.exported.TEXT, back.exported.B64]).toEqual(['there and back', 'dGhlcmUgYW5kIGJhY2s=']);
    const asked = vault.bao
      .audit()
      .slice(before)
      .filter((entry) => entry.path === 'transit/decrypt/app');
    expect(asked).toHaveLength(1);
  });
});

it('files that a stranger can use: a certificate, its key and an SSH key', async () => {
  const issue = 'POST pki/issue/web {"common_name":"a.example.com","ttl":"1h"}';
  const { files } = await play([
    `${issue} certificate as file | FILE_CERT`,
    `${issue} private_key as file | FILE_KEY`,
    'POST ssh/issue/user {"key_type":"ed25519"} private_key as file | FILE_SSH',
  ]);
  const certificate = new X509Certificate(files.FILE_CERT ?? '');
  expect(certificate.checkHost('a.example.com')).toBe('a.example.com');
  expect(certificate.checkPrivateKey(createPrivateKey(files.FILE_KEY ?? ''))).toBe(true);
  expect(files.FILE_SSH).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n[\s\S]*-----END OPENSSH PRIVATE KEY-----\n$/);
});
