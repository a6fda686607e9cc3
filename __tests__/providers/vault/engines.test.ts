// The table of the engines: what of their answers is secret, and what a lease's end means. Answers as recorded (facts: vault 1.5).
import { endOf, engineOf, isSecret, STORED } from '../../../src/providers/vault/engines.ts';
import { leavesOf, secretLeaves } from '../../../src/providers/vault/leaves.ts';
import { START } from '../../literals/clock.ts';

type Row = readonly [
  path: string,
  data: Readonly<Record<string, unknown>>,
  leased: boolean,
  what: string,
  revocation: string,
  secret: readonly string[],
];

const AWS = { access_key: 'AKIAXXXX', secret_key: 'secret-key', arn: 'arn:aws:iam::1:user/x' };
const KEY_FILE = {
  type: 'service_account',
  project_id: 'my-project',
  private_key_id: 'a1b2c3',
  private_key: '-----BEGIN\nMIIE\n',
  client_email: 'a@b',
};
const KEY_DATA = Buffer.from(JSON.stringify(KEY_FILE)).toString('base64');
const CERTIFICATE = {
  certificate: 'cert',
  issuing_ca: 'ca',
  ca_chain: ['ca'],
  private_key: 'the-key',
  private_key_type: 'ec',
  serial_number: '0a',
  expiration: 1,
};

const ROWS: readonly Row[] = [
  ['database/creds/ro', { username: 'v-ci', password: 'pw' }, true, 'user', 'ends', ['pw']],
  ['any/where/creds/ro', { username: 'v-ci', rsa_private_key: 'pk' }, true, 'user with a key', 'ends', ['pk']],
  [
    'database/creds/ro',
    { client_certificate: 'c', private_key: 'pk', private_key_type: 'rsa' },
    true,
    'user with a certificate',
    'ends',
    ['pk'],
  ],
  [
    'database/static-creds/ro',
    { username: 'u', password: 'pw', last_vault_rotation: 't', rotation_period: 60, ttl: 5 },
    false,
    'fixed password',
    'nothing',
    ['pw'],
  ],
  [
    'ldap/static-cred/ro',
    { dn: 'cn=x', username: 'u', password: 'pw', last_password: 'old-pw' },
    false,
    'fixed password',
    'nothing',
    ['pw', 'old-pw'],
  ],
  ['ldap/creds/ro', { username: 'u', password: 'pw', distinguished_names: ['cn=x'] }, true, 'user', 'ends', ['pw']],
  [
    'ldap/library/set/check-out',
    { service_account_name: 'svc', password: 'pw' },
    true,
    'checked-out account',
    'ends',
    ['pw'],
  ],
  [
    'aws/creds/u',
    { ...AWS, security_token: null, session_token: null },
    true,
    'AWS access key',
    'ends',
    ['AKIAXXXX', 'secret-key'],
  ],
  [
    'aws/creds/s',
    { ...AWS, security_token: 'st', session_token: 'st' },
    true,
    'AWS session',
    'nothing',
    ['AKIAXXXX', 'secret-key', 'st', 'st'],
  ],
  ['aws/sts/s', { ...AWS, security_token: 'st' }, true, 'AWS session', 'nothing', ['AKIAXXXX', 'secret-key', 'st']],
  [
    'aws/static-creds/s',
    { access_key: 'AKIA', secret_key: 'sk', expiration: 't' },
    false,
    'fixed AWS access key',
    'nothing',
    ['AKIA', 'sk'],
  ],
  ['azure/creds/r', { client_id: 'id', client_secret: 'cs' }, true, 'Azure client secret', 'ends', ['cs']],
  [
    'gcp/roleset/r/token',
    { token: 'ya29', expires_at_seconds: 1, token_ttl: 3599 },
    false,
    'Google access token',
    'nothing',
    ['ya29'],
  ],
  [
    'gcp/token/r',
    { token: 'ya29', expires_at_seconds: 1, token_ttl: 3599 },
    false,
    'Google access token',
    'nothing',
    ['ya29'],
  ],
  [
    'gcp/static-account/r/key',
    { private_key_data: KEY_DATA, key_algorithm: 'a', key_type: 't' },
    true,
    'Google service account key',
    'ends',
    [KEY_DATA, JSON.stringify(KEY_FILE), KEY_FILE.private_key],
  ],
  [
    'terraform/creds/t',
    { token: 'tok', token_id: 'at-1', expired_at: 't' },
    true,
    'HCP Terraform token',
    'ends',
    ['tok'],
  ],
  [
    'terraform/creds/t',
    { token: 'tok', token_id: 'at-1', organization: 'o', team_id: '', role: 'r' },
    false,
    'HCP Terraform token',
    'ends',
    ['tok'],
  ],
  ['pki/issue/web', CERTIFICATE, false, 'certificate', 'ends', ['the-key']],
  ['pki/sign/web', { certificate: 'cert', serial_number: '0a' }, false, 'certificate', 'ends', []],
  [
    'ssh/sign/u',
    { signed_key: 'ssh-cert', serial_number: '1', issuer_id: 'i' },
    false,
    'SSH certificate',
    'nothing',
    ['ssh-cert'],
  ],
  [
    'ssh/issue/u',
    { signed_key: 'ssh-cert', serial_number: '1', private_key: 'pk', private_key_type: 'ed25519' },
    false,
    'SSH certificate',
    'nothing',
    ['ssh-cert', 'pk'],
  ],
  [
    'ssh/creds/u',
    { key: 'otp', key_type: 'otp', username: 'u', ip: '10.0.0.1', port: 22 },
    true,
    'SSH one-time password',
    'ends',
    ['otp'],
  ],
  ['rabbitmq/creds/r', { username: 'u', password: 'pw' }, true, 'user', 'ends', ['pw']],
  ['consul/creds/r', { token: 'tok', accessor: 'acc', local: false }, true, 'Consul token', 'ends', ['tok']],
  ['nomad/creds/r', { accessor_id: 'acc', secret_id: 'sid' }, true, 'Nomad token', 'ends', ['sid']],
  [
    'kubernetes/creds/r',
    { service_account_name: 'v-token-ci-1', service_account_namespace: 'n', service_account_token: 'tok' },
    true,
    'Kubernetes token',
    'ends',
    ['tok'],
  ],
  [
    'kubernetes/creds/r',
    { service_account_name: 'deployer', service_account_namespace: 'n', service_account_token: 'tok' },
    true,
    'Kubernetes token of an account that stays',
    'parts',
    ['tok'],
  ],
  ['transit/encrypt/k', { ciphertext: 'vault:v1:x', key_version: 1 }, false, 'ciphertext', 'nothing', []],
  ['transit/decrypt/k', { plaintext: 'c2VjcmV0' }, false, 'secret', 'unknown', ['c2VjcmV0', 'secret']],
  [
    'transit/datakey/plaintext/k',
    { ciphertext: 'vault:v1:x', plaintext: '/wD+' },
    false,
    'data key',
    'nothing',
    ['/wD+'],
  ],
  ['transit/sign/k', { signature: 'vault:v1:s' }, false, 'signature', 'nothing', []],
  ['transit/hmac/k', { hmac: 'vault:v1:h' }, false, 'secret', 'unknown', ['vault:v1:h']],
  ['totp/code/k', { code: '123456' }, false, 'TOTP code', 'nothing', ['123456']],
  ['totp/code/k', { valid: true }, false, 'TOTP answer', 'nothing', []],
  ['identity/oidc/token/r', { token: 'ey', client_id: 'c', ttl: 60 }, false, 'identity token', 'nothing', ['ey']],
  ['team/identity/oidc/token/r', { token: 'ey', client_id: 'c', ttl: 60 }, false, 'identity token', 'nothing', ['ey']],
  ['cubbyhole/x', { username: 'u', n: 1 }, false, 'secret', 'unknown', ['u']],
  ['kv1/app', { username: 'u', password: 'pw' }, false, 'secret', 'unknown', ['u', 'pw']],
  ['kv1/creds/app', { username: 'u', password: 'pw' }, false, 'secret', 'unknown', ['u', 'pw']],
  [
    'kv1/data/app',
    { version: 1, created_time: 'secret?', destroyed: 'secret!' },
    false,
    'secret',
    'unknown',
    ['secret?', 'secret!'],
  ],
  [
    'plugin/make/x',
    { id: 'i', deep: { list: ['a', { b: 'c' }] }, n: 1, on: true, none: null, empty: '' },
    true,
    'secret',
    'unknown',
    ['i', 'a', 'c'],
  ],
];

describe('masks what is secret, and knows what a lease means', () => {
  it.each(ROWS)('%s %j, leased: %s, is a %s: %s', (path, data, leased, what, revocation, secret) => {
    const engine = engineOf(path, data, { leased, written: false });
    expect({ what: engine.what, revocation: engine.revocation }).toEqual({ what, revocation });
    expect(secretLeaves(engine, data)).toEqual(secret);
  });

  it('a stored secret is secret whatever its keys are called', () => {
    expect(secretLeaves(STORED, { username: 'u', certificate: 'c', expiration: 'e' })).toEqual(['u', 'c', 'e']);
  });

  it('the answer to a KV write is open', () => {
    const data = { version: 3, created_time: 't', destroyed: false, deletion_time: '', custom_metadata: null };
    const engine = engineOf('secret/data/app', data, { leased: false, written: true });
    expect([engine.what, isSecret(engine, 'version')]).toEqual(['KV version', false]);
  });
});

describe('a document inside a value', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a key file', JSON.stringify(KEY_FILE), [KEY_FILE.private_key]],
    ['a nested one', '{"auth":{"client_secret":"cs","token_uri":"https://x","url":"u"}}', ['cs']],
    ['a list', '["x"]', []],
    ['no JSON', '{not json', []],
    ['no base64 of one', 'eyJhbGciOiJSUzI1NiJ9.eyJh.sig', []],
  ])('%s gives its secrets up', (_, text, inner) => {
    expect(leavesOf(text)).toEqual([text, ...inner]);
  });
});

describe('when what has no lease ends', () => {
  it.each<[string, object, number | undefined]>([
    ['pki/issue/web', CERTIFICATE, 1000],
    ['gcp/roleset/r/token', { token: 't', expires_at_seconds: 5 }, 5000],
    ['identity/oidc/token/r', { token: 't', ttl: 60 }, START + 60_000],
    ['terraform/creds/t', { token: 't', token_id: 'i' }, undefined],
    ['pki/issue/web', { ...CERTIFICATE, expiration: 'soon' }, undefined],
  ])('%s', (path, data, end) => {
    const answer = data as Readonly<Record<string, unknown>>;
    expect(endOf(engineOf(path, answer, { leased: false, written: true }), answer, START)).toBe(end);
  });
});
