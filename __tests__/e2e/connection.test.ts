// A Vault that is reached in a way of its own: its own authorities, a client certificate, a header at the front door. In main, in post, and
// for the clients of later steps.
import { defaultTrust } from '../../sandbox/default-trust.ts';
import { createAuthority } from '../../sandbox/net/authority.ts';
import type { VaultServer } from '../../sandbox/vault/trust.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { HURRY } from './hurry.ts';
import { setAside } from './interrupted.ts';
import { ACTION, calm, cleanUp, type Played, play, VAULT } from './scenario.ts';

const own = createAuthority('authority of one Vault');
const clients = createAuthority('authority of its clients');
const client = clients.issueClient('ci');
const DOOR = { header: 'cf-access-client-secret', value: 'door-canary-8Kq2Zr7LxW4t' };

let world: World;
let since: number;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  since = world.ledger.all().length;
});
afterEach(() => {
  setAside(world, since);
  cleanUp();
  calm(world);
  Object.assign(world.trust, defaultTrust());
});
afterAll(() => world.stop());

/** The default Vault, changed. */
function serve(change: Partial<VaultServer>, ...more: VaultServer[]): void {
  const [server] = defaultTrust().vault.servers;
  world.trust.vault = { servers: [{ ...(server as VaultServer), ...change }, ...more] };
}
const base64 = (text: string) => Buffer.from(text).toString('base64');
const ENDED = ['Vault lease of database/creds/readonly: revoked', 'Vault token: revoked'];
const told = ({ post }: Played) => (post?.log ?? []).filter((line) => /^Vault (lease|token).*: /.test(line)).sort();
/** Without what is said of a lease that outlasts its token: the default world's does. */
const annotations = ({ result }: Played) =>
  result.steps.flatMap((step) =>
    step.annotations
      .map(({ level, message }) => `${level}: ${message}`)
      .filter((line) => !line.includes('would run until')),
  );
const failed = ({ main }: Played) => main.annotations.map(({ message }) => /^\[([^\]]+)\]/.exec(message)?.[1]);
/** Nothing of these may be printed by us but as a mask; the runner's echo of the inputs is not ours. */
function expectHidden(played: Played, ...secrets: string[]): void {
  for (const secret of secrets) {
    expect(played.main.stdout + (played.post?.stdout ?? '')).not.toMatch(
      new RegExp(`^(?!::add-mask::).*${secret}`, 'm'),
    );
  }
}
const ALL = {
  ...VAULT,
  'vault-headers': `CF-Access-Client-Secret: ${DOOR.value}`,
  'vault-ca-certificate': own.cert,
  'vault-client-certificate': base64(client.cert),
  'vault-client-key': client.key,
};

describe('all at once', () => {
  beforeEach(() => serve({ tls: { authority: own, clients }, frontDoor: DOOR }));

  it('main reads, post revokes, by the same way', async () => {
    const played = await play(world, { with: ALL });
    expect(played.result.result).toBe('success');
    expect(told(played)).toEqual(ENDED);
    expect(annotations(played)).toEqual([]);
    expectHidden(
      played,
      DOOR.value,
      ...client.key.split('\n').filter((line) => line.length > 20 && !/-----/.test(line)),
    );
    const vault = world.traffic.filter((t) => t.service === 'vault');
    expect(vault.map((t) => t.call.headers[DOOR.header])).toEqual(vault.map(() => DOOR.value));
    expect(new Set(vault.map((t) => t.call.headers['user-agent']))).toEqual(
      new Set([expect.stringMatching(/^workload-identity \(octo-org\/octo-repo; run \d+, attempt \d+\)$/)]),
    );
  });

  it('check-only asks by it too', async () => {
    const played = await play(world, { with: { ...ALL, 'check-only': 'true' } });
    const { checks } = JSON.parse(played.main.outputs.report ?? '{}') as {
      checks: { of: string; what: string; answer: string }[];
    };
    const answers = checks.filter(({ of }) => of === 'vault').map(({ what, answer }) => `${what} ${answer}`);
    expect(answers).toEqual(['endpoint yes', 'mount yes', 'role yes']);
  });

  it('goes out with the token, as files that post removes', async () => {
    const script = `
      const fs = require('node:fs');
      const read = (name) => fs.readFileSync(process.env[name], 'utf8');
      const modes = ['VAULT_CACERT', 'VAULT_CLIENT_CERT', 'VAULT_CLIENT_KEY'].map((name) => (fs.statSync(process.env[name]).mode & 0o777).toString(8));
      const https = require('node:https');
      const options = { ca: read('VAULT_CACERT'), cert: read('VAULT_CLIENT_CERT'), key: read('VAULT_CLIENT_KEY') };
      const agent = new https.Agent({ proxyEnv: process.env });
      https.get(process.env.VAULT_ADDR + '/v1/auth/token/lookup-self', { ...options, agent, headers: { 'x-vault-token': process.env.VAULT_TOKEN, '${DOOR.header}': process.env.DOOR } }, (answer) =>
        console.log('consumer: ' + answer.statusCode + ' ' + modes));
    `;
    const use = { name: 'use', shell: 'node {0}', env: { DOOR: DOOR.value }, run: script };
    const steps = [{ uses: ACTION, with: { ...ALL, 'vault-export-token': 'true' } }, use];
    const played = await play(world, { steps });
    expect(played.log).toContain('consumer: 200 600,600,600');
    expect(told(played)).toEqual(ENDED);
    expect(played.post?.log).toContain('Credential files: removed');
    expect(played.later.VAULT_CACERT).toMatch(/vault-ca\.pem$/);
    expect(played.post?.exported).toMatchObject({ VAULT_CACERT: '', VAULT_CLIENT_CERT: '', VAULT_CLIENT_KEY: '' });
  });

  it('post uses nothing that has been changed since, and says so', async () => {
    const variable = (name: string) => `\${{ env.${name} }}`;
    const names = {
      CA: 'vault-ca-certificate',
      CERT: 'vault-client-certificate',
      KEY: 'vault-client-key',
      HEADERS: 'vault-headers',
    };
    const inputs = {
      ...ALL,
      ...Object.fromEntries(Object.entries(names).map(([name, input]) => [input, variable(name)])),
    };
    const env = {
      CA: base64(own.cert),
      CERT: base64(client.cert),
      KEY: base64(client.key),
      HEADERS: ALL['vault-headers'],
    };
    const evil = clients.issueClient('evil');
    const planted = {
      CA: base64(clients.cert),
      CERT: base64(evil.cert),
      KEY: base64(evil.key),
      HEADERS: 'X-Evil: yes',
    };
    const plant = {
      name: 'plants',
      env: {
        LINES: Object.entries(planted)
          .map(([name, value]) => `${name}=${value}`)
          .join('\n'),
      },
      run: 'echo "$LINES" >> "$GITHUB_ENV"',
    };
    const played = await play(
      world,
      { steps: [{ uses: ACTION, with: inputs }, plant], env, machine: HURRY },
      { alive: true },
    );
    expect(played.main.conclusion).toBe('success');
    const warned = (played.post?.annotations ?? []).map(({ message }) => message);
    for (const input of ['vault-ca-certificate', 'vault-client-certificate', 'vault-headers'])
      expect(warned).toContain(`${input} is not what it was in main; post goes on without it.`);
    expect(told(played).join()).toMatch(/lease of database\/creds\/readonly: not revoked \[vault\/unreachable\]/);
    expect(world.traffic.filter((t) => t.call.headers['x-evil'])).toEqual([]);
  });

  it.each([
    ['without its authority', 'vault-ca-certificate', 'vault/tls-untrusted', 'vault-ca-certificate'],
    ['without a client certificate', 'vault-client', 'vault/tls-client-certificate', 'vault-client-certificate'],
    ['without the header', 'vault-headers', 'vault/bad-answer', 'vault-headers'],
  ])('%s: refused, with the input to mend', async (_, without, id, named) => {
    const inputs = Object.fromEntries(Object.entries(ALL).filter(([name]) => !name.startsWith(without)));
    const played = await play(world, { with: inputs });
    expect(failed(played)).toEqual([id]);
    expect(played.log).toMatch(new RegExp(`^- .*${named}`, 'm'));
    expect(world.traffic.filter((t) => t.operation.endsWith('/login')).length).toBeLessThanOrEqual(1);
  });
});

it('vault-tls-skip-verify: loud, and for that host alone', async () => {
  serve({ tls: { authority: own } });
  const played = await play(world, { with: { ...VAULT, 'vault-tls-skip-verify': 'true' } });
  expect(told(played)).toEqual(ENDED);
  expect(annotations(played)).toEqual([
    expect.stringMatching(/^warning: vault-tls-skip-verify: the certificate of vault\.example\.com is NOT checked/),
  ]);
});

describe('a standby that leads elsewhere', () => {
  const active = 'https://vault-1.example.com:8200';
  const both = (tls: VaultServer['tls']) => {
    const [server] = defaultTrust().vault.servers as readonly VaultServer[];
    serve(
      { standbyOf: active, tls: { authority: own }, frontDoor: DOOR },
      { ...(server as VaultServer), origin: active, ...(tls && { tls }) },
    );
  };
  const inputs = { ...VAULT, 'vault-headers': ALL['vault-headers'], 'vault-ca-certificate': own.cert };

  it('its authorities count there too; the headers stay behind', async () => {
    both({ authority: own });
    const played = await play(world, { with: inputs });
    expect(told(played)).toEqual(ENDED);
    const there = world.traffic.filter((t) => t.call.host === 'vault-1.example.com:8200');
    expect(there.length).toBeGreaterThan(3);
    expect(there.filter((t) => t.call.headers[DOOR.header])).toEqual([]);
    expect(played.log).toMatch(
      /sends its clients to vault-1\.example\.com:8200\. vault-headers: for the host of vault-url alone\./,
    );
  });
  it('no check is no way there', async () => {
    both({ authority: own });
    const played = await play(world, {
      with: { ...VAULT, 'vault-headers': ALL['vault-headers'], 'vault-tls-skip-verify': 'true' },
    });
    expect(failed(played).filter((id) => id)).toEqual(['vault/tls-untrusted']);
    expect(played.log).toContain('Set vault-url to the address of the active server');
  });
  it('which wants a client certificate is not shown it', async () => {
    both({ authority: own, clients });
    const played = await play(world, {
      with: { ...inputs, 'vault-client-certificate': client.cert, 'vault-client-key': client.key },
    });
    expect(failed(played)).toEqual(['vault/tls-client-certificate']);
  });
});

it.each([
  [
    'a key of another certificate',
    { 'vault-client-certificate': client.cert, 'vault-client-key': clients.issueClient('x').key },
    /^\[inputs\/invalid\] vault-client-key: the key is not that/,
  ],
  [
    'an expired certificate',
    (({ cert, key }) => ({ 'vault-client-certificate': cert, 'vault-client-key': key }))(
      clients.issueClient('x', [-9, -2]),
    ),
    /^\[inputs\/invalid\] vault-client-certificate: the certificate has expired/,
  ],
  [
    'a file that is not there',
    { 'vault-ca-certificate': '/nowhere/ca.pem' },
    /^\[inputs\/invalid\] vault-ca-certificate: the file cannot be read/,
  ],
])('%s is named before a token is minted', async (_, inputs, words) => {
  const { main } = await play(world, { with: { ...VAULT, ...inputs } });
  expect(main.annotations.map(({ message }) => message)).toEqual([expect.stringMatching(words)]);
  expect(world.traffic).toEqual([]);
});
