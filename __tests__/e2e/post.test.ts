// What post does with what main obtained: all of it ends, whatever later steps did and whatever Vault says; and nothing is called ended that is not.
import { createServer } from 'node:net';
import { defaultTrust } from '../../sandbox/default-trust.ts';
import type { Hooks } from '../../sandbox/runner/job-state.ts';
import type { Fault } from '../../sandbox/service.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { HURRY } from './hurry.ts';
import { alive, owed, setAside } from './interrupted.ts';
import { withPosts } from './posts.ts';
import { ACTION, AWS, calm, cleanUp, type Played, play, FOUR as USUAL_FOUR, VAULT as USUAL_VAULT } from './scenario.ts';

/** Here it is about what main's own records lead to; the keeper's end has its own tests. */
const FOUR = { ...USUAL_FOUR, 'keep-fresh': 'never' };
const VAULT = { ...USUAL_VAULT, 'keep-fresh': 'never' };

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

const LEASE = 'Vault lease of database/creds/readonly';
const ENDED = [`${LEASE}: revoked`, 'Vault token: revoked'];

/** What post said of each credential, in alphabetical order. */
function told({ post }: Played): string[] {
  return (post?.log ?? []).filter((line) => /^(Vault|Credential) .*: /.test(line)).sort();
}

function annotations({ post }: Played): string[] {
  return (post?.annotations ?? []).map(({ level, message }) => `${level}: ${message}`);
}

/** Operations that Vault was asked for since main had ended. */
function asked({ main }: Played): string[] {
  return world.traffic.filter((t) => t.service === 'vault' && t.start >= main.end).map((t) => t.operation);
}

/** Something that happens when main and the later steps are over. */
function beforePost(happens: () => void): { hooks: Hooks } {
  return {
    hooks: {
      beforeStep(step) {
        if (step.kind === 'post') happens();
      },
    },
  };
}

const troubled = (fault: Fault) =>
  beforePost(() => world.faults.push({ service: 'vault', times: Number.POSITIVE_INFINITY, ...fault }));

/** The action, with other steps behind it. */
function job(inputs: Readonly<Record<string, string>>, ...behind: object[]): { steps: object[] } {
  return { steps: [{ id: 'federate', uses: ACTION, with: inputs }, ...behind] };
}

/** A step that writes variables for all steps behind it, the post step among them. */
function plants(variables: Readonly<Record<string, string>>): object {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return { name: 'plants', env: { LINES: lines.join('\n') }, run: 'echo "$LINES" >> "$GITHUB_ENV"' };
}

describe('a post that nobody disturbs', () => {
  it('ends all there is, says so, and leaves no file of the step', async () => {
    const played = await play(world, { with: FOUR });
    expect(told(played)).toEqual(['Credential files: removed', ...ENDED]);
    expect(annotations(played)).toEqual([]);
    expect(asked(played)).toEqual(['sys/leases/revoke', 'auth/token/revoke-self']);
    for (const kind of ['env', 'output', 'state']) {
      const path = played.main.commandFiles[kind];
      const file = played.result.leftovers.find((left) => left.path === path);
      expect([kind, file?.mode, file?.content.length]).toEqual([kind, 0o600, 0]);
    }
  });

  it('confirms the end of a token that main has asked for, since it held nothing', async () => {
    const inputs = {
      ...VAULT,
      'vault-secrets': 'secret/data/app password | APP_PASSWORD',
      'on-revoke-failure': 'fail',
    };
    const played = await play(world, { with: inputs });
    const ofMain = world.traffic.filter((t) => t.service === 'vault' && t.start < played.main.end);
    expect(ofMain.map((t) => t.operation)).toEqual(['auth/jwt/login', 'read', 'auth/token/revoke-self']);
    expect(played.main.outputs.report).toContain('"ending":"revoked by main"');
    expect(asked(played)).toEqual(['auth/token/revoke-self']);
    expect(told(played)).toEqual([
      expect.stringMatching(/^Vault token: revoked( \(by main, right after the last read\))?$/),
    ]);
    expect(annotations(played)).toEqual([]);
  });

  it.each([
    ['loses its request', { kind: 'reset' }],
    ['hangs', { kind: 'hang' }],
    ['fails', { kind: 'status', reply: { status: 500 } }],
  ] as const)('ends that token itself where main %s, and main is neither held nor failed', async (_, fault) => {
    const inputs = {
      ...VAULT,
      'vault-secrets': 'secret/data/app password | APP_PASSWORD',
      'on-revoke-failure': 'fail',
    };
    world.faults.push({ service: 'vault', operation: 'auth/token/revoke-self', ...fault });
    const played = await play(world, { with: inputs });
    expect(played.result.result).toBe('success');
    expect(played.main.annotations).toEqual([]);
    expect(told(played)).toEqual(['Vault token: revoked']);
  });

  it('run again, finds all of it ended, and is green', async () => {
    const played = await withPosts([{}, {}], (folder) =>
      play(world, { with: { ...FOUR, 'on-revoke-failure': 'fail' }, run: { actions: () => folder, observe: false } }),
    );
    expect(played.result.result).toBe('success');
    expect(annotations(played)).toEqual([]);
    expect(told(played)).toEqual(
      [
        ...['Credential files: removed', ...ENDED],
        ...['Credential files: had ended already', 'Vault token: had ended already'],
        expect.stringMatching(new RegExp(`^${LEASE}: (revoked|had ended already)`)),
      ].sort(),
    );
  });

  it('does not run where main did not', async () => {
    const use = { uses: ACTION, if: 'false', with: FOUR };
    const { main, post } = await play(world, { steps: [use] });
    expect([main.status, post]).toEqual(['skipped', undefined]);
    expect(world.traffic).toEqual([]);
  });

  it('has nothing to do where main failed on its inputs', async () => {
    const played = await play(world, { with: { ...AWS, 'aws-region': 'nowhere', lifetime: 'long' } });
    expect(played.main.conclusion).toBe('failure');
    expect([played.post?.conclusion, annotations(played)]).toEqual(['success', []]);
    expect(played.post?.log).toContain('Nothing was obtained, so there is nothing to end.');
  });

  it('finds the files gone where a later step removed them', async () => {
    const remove = { run: 'rm -r "$RUNNER_TEMP"/workload-identity-*' };
    const played = await play(world, job({ ...FOUR, 'on-revoke-failure': 'fail' }, remove));
    expect(told(played)).toEqual(['Credential files: had ended already', ...ENDED]);
    expect(played.result.result).toBe('success');
  });

  it('removes what later steps put among the files', async () => {
    const add = {
      run: 'cd "$RUNNER_TEMP"/workload-identity-* && mkdir -p a/b && echo x > a/b/c && ln -s "$HOME" home && touch "$HOME/mine"',
    };
    const played = await play(world, job(FOUR, add));
    expect(told(played)).toContain('Credential files: removed');
    expect(played.result.leftovers.filter((left) => left.path.endsWith('/mine'))).toHaveLength(1);
  });
});

describe('later steps that want to disturb it', () => {
  it('plant a proxy, certificates, addresses and state: post goes on as main was told to', async () => {
    let visits = 0;
    const trap = createServer((socket) => {
      visits++;
      socket.destroy();
    });
    await new Promise<void>((ready) => trap.listen(0, '127.0.0.1', ready));
    const address = trap.address();
    const proxy = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const record = (kind: string, data: object) => JSON.stringify({ nonce: '0'.repeat(32), by: 'step', kind, data });
    const planted = {
      ...{ HTTPS_PROXY: proxy, https_proxy: proxy, HTTP_PROXY: proxy, NODE_USE_ENV_PROXY: '1', NO_PROXY: '*' },
      ...{
        NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem',
        SSL_CERT_FILE: '/nowhere/ca.pem',
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      },
      ...{ VAULT_ADDR: 'https://vault.evil.example', VAULT_TOKEN: 'hvs.planted-token-1', VAULT_NAMESPACE: 'evil' },
      ...{ INPUT_REVOKE: 'false', 'INPUT_VAULT-URL': 'https://vault.evil.example' },
      // Free numbers, and numbers and a nonce that main has saved: those the runner sets itself.
      ...{
        STATE_WORKLOAD_IDENTITY_97: record('settled', {}),
        STATE_WORKLOAD_IDENTITY_8: record('folder', { name: '..' }),
      },
      ...{
        STATE_WORKLOAD_IDENTITY: '0'.repeat(32),
        STATE_WORKLOAD_IDENTITY_1: record('settings', { key: '0'.repeat(32) }),
      },
    };
    try {
      const inputs = { ...VAULT, 'ca-certificate': world.caFile };
      const played = await play(world, job(inputs, plants(planted)));
      expect(played.post?.env.HTTPS_PROXY).toBe(proxy);
      expect(played.post?.env.STATE_WORKLOAD_IDENTITY_97).toBe(planted.STATE_WORKLOAD_IDENTITY_97);
      expect(visits).toBe(0);
      expect(told(played)).toEqual(ENDED);
      expect(annotations(played)).toEqual([
        "warning: 2 records under this action's name in the state are not its own, and were ignored.",
      ]);
    } finally {
      trap.close();
    }
  });

  it("read main's nonce and plant records with it: no other folder, no other variable, no other server", async () => {
    const script = `
      const fs = require('node:fs'), path = require('node:path');
      const folder = path.dirname(process.env.GITHUB_STATE);
      const state = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\\n');
      const nonce = /"nonce":"([0-9a-f]{32})"/.exec(state)[1];
      const key = /"key":"([0-9a-f]{32})"/.exec(state)[1];
      const fingerprint = require('node:crypto').createHmac('sha256', key).update(process.env.PATH).digest('hex');
      const records = [
        ['folder', { name: '../../home' }],
        ['variable', { name: 'PATH', fingerprint, clear: true }],
        ['settings', { key, revoke: false, 'vault-url': 'https://vault.evil.example' }],
      ];
      records.forEach(([kind, data], i) =>
        fs.appendFileSync(process.env.GITHUB_ENV, 'STATE_WORKLOAD_IDENTITY_' + (90 + i) + '=' + JSON.stringify({ nonce, by: 'step', kind, data }) + '\\n'));
    `;
    const forge = { name: 'forge', shell: 'node {0}', run: script };
    const played = await play(world, job(VAULT, { run: 'touch "$HOME/mine"' }, forge));
    expect(played.result.steps.find((step) => step.name === 'forge')?.exitCode).toBe(0);
    expect(played.post?.env).toHaveProperty('STATE_WORKLOAD_IDENTITY_92');
    expect(told(played)).toEqual([expect.stringContaining('[files/not-ours]'), ...ENDED]);
    expect(played.post?.exported).not.toHaveProperty('PATH');
    expect(played.result.leftovers.filter((left) => left.path.endsWith('/mine'))).toHaveLength(1);
  });

  it('change what the inputs are made of: what main was told counts', async () => {
    const variable = (name: string) => `\${{ env.${name} }}`;
    const inputs = {
      ...VAULT,
      'vault-url': variable('URL'),
      revoke: variable('REVOKE'),
      'on-revoke-failure': variable('WHEN_NOT'),
      'ca-certificate': variable('CA'),
    };
    const env = { URL: VAULT['vault-url'], REVOKE: 'true', WHEN_NOT: 'fail', CA: world.caFile };
    const changed = { URL: 'https://vault.evil.example', REVOKE: 'false', WHEN_NOT: 'warn', CA: '/nowhere/ca.pem' };
    const played = await play(world, { ...job(inputs, plants(changed)), env });
    expect(played.post?.env['INPUT_VAULT-URL']).toBe(changed.URL);
    expect(told(played)).toEqual(ENDED);
    expect(annotations(played)).toEqual([
      'warning: ca-certificate is not what it was in main; post goes on without it.',
    ]);
  });

  it('end the token themselves: there is nothing left to end, and no failure in that', async () => {
    const inputs = { ...VAULT, 'vault-export-token': 'true', 'on-revoke-failure': 'fail' };
    const end = {
      run: 'curl --silent --fail -X POST -H "X-Vault-Token: $VAULT_TOKEN" "$VAULT_ADDR/v1/auth/token/revoke-self"',
    };
    const played = await play(world, job(inputs, end));
    expect(played.result.result).toBe('success');
    expect(annotations(played)).toEqual([]);
    expect(told(played)).toEqual([
      `${LEASE}: had ended already (its token had ended already)`,
      'Vault token: had ended already',
    ]);
  });
});

describe('revoke: false', () => {
  it('asks Vault for nothing, says until when it lives, and still removes files and variables', async () => {
    const played = await play(world, { with: { ...FOUR, revoke: 'false' } }, { alive: true });
    expect(told(played)).toEqual([
      'Credential files: removed',
      expect.stringMatching(new RegExp(`^${LEASE}: not revoked; it ends at 20.*Z \\(revoke is false\\)$`)),
      expect.stringMatching(/^Vault token: not revoked; it ends at 20.*Z \(revoke is false\)$/),
    ]);
    expect(asked(played)).toEqual([]);
    expect(annotations(played)).toEqual([]);
    expect(played.post?.exported).toMatchObject({ DB_PASSWORD: '', AWS_SESSION_TOKEN: '' });
    expect(owed(world, since).map((entry) => entry.kind)).toEqual(expect.arrayContaining(['service token', 'lease']));
  });
});

describe('Vault in trouble when post comes', () => {
  const unavailable = {
    status: 503,
    headers: { 'content-type': 'application/json' },
    body: '{"errors":["Vault is sealed"]}',
  };
  const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>sign in</html>' };
  const TROUBLES: readonly (readonly [string, Fault, string, string])[] = [
    ['cannot be reached', { kind: 'connect-refused' }, 'vault/unreachable', 'vault/unreachable'],
    ['breaks off', { kind: 'reset' }, 'vault/unreachable', 'vault/unreachable'],
    ['hangs', { kind: 'hang' }, 'vault/unreachable', 'vault/unreachable'],
    ['is sealed', { kind: 'status', reply: unavailable }, 'vault/lease-not-revoked', 'vault/token-not-revoked'],
    ['is a login page', { kind: 'status', reply: page }, 'vault/lease-not-revoked', 'vault/token-not-revoked'],
  ];

  describe.each(TROUBLES)('%s', (_, fault, leaseId, tokenId) => {
    it.each([
      ['warn', 'success', 'warning'],
      ['fail', 'failure', 'error'],
    ] as const)('on-revoke-failure: %s', async (answer, conclusion, level) => {
      const inputs = { ...FOUR, 'on-revoke-failure': answer };
      const played = await play(world, { with: inputs, machine: HURRY, run: troubled(fault) }, { alive: true });
      expect(played.main.conclusion).toBe('success');
      expect([played.result.result, played.post?.conclusion]).toEqual([conclusion, conclusion]);
      expect(told(played)).toEqual([
        'Credential files: removed',
        expect.stringContaining(`${LEASE}: not revoked [${leaseId}] `),
        expect.stringContaining(`Vault token: not revoked [${tokenId}] `),
      ]);
      expect(annotations(played)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^${level}: \\[end/not-revoked\\] 2 of \\d+ were not confirmed to have ended: ${LEASE}, Vault token\\. `,
          ),
        ),
      ]);
      // Neither the world nor the action calls them ended; variables and files are gone all the same.
      expect(owed(world, since).map((entry) => entry.kind)).toEqual(expect.arrayContaining(['service token', 'lease']));
      expect(played.post?.exported).toMatchObject({ DB_PASSWORD: '', AWS_SESSION_TOKEN: '' });
    });
  });

  it('counts credentials and files, not variables', async () => {
    const run = troubled({ kind: 'connect-refused' });
    const played = await play(world, { with: FOUR, machine: HURRY, run }, { alive: true });
    expect(annotations(played).join()).toContain(' 2 of 3 were not confirmed');
  });

  it.each([
    ['breaks off once', { kind: 'reset' }],
    ['is sealed for a moment', { kind: 'status', reply: unavailable }],
    ['hangs once', { kind: 'hang' }],
  ] as const)('%s: all is revoked at the second try', async (_, fault) => {
    const inputs = { ...VAULT, 'on-revoke-failure': 'fail' };
    const run = beforePost(() => {
      for (const operation of ['sys/leases/revoke', 'auth/token/revoke-self'])
        world.faults.push({ operation, ...fault });
    });
    const played = await play(world, { with: inputs, machine: HURRY, run });
    expect(told(played)).toEqual(ENDED);
    expect(annotations(played)).toEqual([]);
  });

  it('loses its answers: what was done is not called a failure', async () => {
    const run = beforePost(() => {
      for (const operation of ['sys/leases/revoke', 'auth/token/revoke-self'])
        world.faults.push({ operation, kind: 'reset-after' });
    });
    const played = await play(world, { with: { ...VAULT, 'on-revoke-failure': 'fail' }, machine: HURRY, run });
    expect(played.result.result).toBe('success');
    expect(annotations(played)).toEqual([]);
    expect(told(played).at(-1)).toBe('Vault token: had ended already');
  });

  it('may not revoke the lease by policy: it goes with its token, and is called queued', async () => {
    const policy =
      'path "secret/data/*" { capabilities = ["read"] }\npath "database/creds/*" { capabilities = ["read"] }';
    const { servers } = world.trust.vault;
    world.trust.vault = { servers: servers.map((server) => ({ ...server, policies: { ci: policy } })) };
    const played = await play(world, { with: { ...VAULT, 'on-revoke-failure': 'fail' } }, { alive: true });
    expect(told(played)).toEqual([
      `${LEASE}: revocation queued (through its token: the policy does not allow update on sys/leases/revoke)`,
      'Vault token: revoked',
    ]);
    expect([played.result.result, annotations(played)]).toEqual(['success', []]);
    expect(await alive(world, since, [])).toEqual([]);
  });

  it('cannot revoke the lease for another reason: queued, and told as not confirmed', async () => {
    const reply = { ...unavailable, status: 500 };
    const run = troubled({ kind: 'status', operation: 'sys/leases/revoke', reply });
    const inputs = { ...VAULT, 'on-revoke-failure': 'fail' };
    const played = await play(world, { with: inputs, machine: HURRY, run }, { alive: true });
    expect(told(played)).toEqual([
      expect.stringMatching(
        new RegExp(`^${LEASE}: revocation queued \\(through its token\\); \\[vault/lease-not-revoked\\] `),
      ),
      'Vault token: revoked',
    ]);
    expect(played.result.result).toBe('failure');
    expect(await alive(world, since, [])).toEqual([]);
  });

  it('forbids the token to end itself: the lease is revoked, the token told as alive', async () => {
    const reply = {
      ...unavailable,
      status: 403,
      body: '{"errors":["1 error occurred:\\n\\t* permission denied\\n\\n"]}',
    };
    const run = troubled({ kind: 'status', operation: 'auth/token/revoke-self', reply });
    const played = await play(world, { with: VAULT, run }, { alive: true });
    expect(told(played)).toEqual([
      `${LEASE}: revoked`,
      expect.stringContaining('Vault token: not revoked [vault/token-not-revoked] '),
    ]);
    expect(owed(world, since).map((entry) => entry.kind)).toEqual(['service token']);
  });
});

describe('a machine in trouble', () => {
  it('a full disk: variables cannot be put back, and credentials end all the same', async () => {
    const played = await withPosts([{ GITHUB_ENV: '/dev/full' }], (folder) =>
      play(world, { with: FOUR, run: { actions: () => folder, observe: false } }, { alive: true }),
    );
    expect(told(played)).toEqual(['Credential files: removed', ...ENDED]);
    expect(owed(world, since)).toEqual([]);
    expect(annotations(played)).toHaveLength(1);
  });

  it('a full disk, and nothing else to end: the count still adds up', async () => {
    const inputs = { ...AWS, 'on-revoke-failure': 'fail' };
    const played = await withPosts([{ GITHUB_ENV: '/dev/full' }], (folder) =>
      play(world, { with: inputs, run: { actions: () => folder, observe: false } }),
    );
    expect(played.result.result).toBe('failure');
    const [, failed, all] = /(\d+) of (\d+) were not confirmed/.exec(annotations(played).join()) ?? [];
    expect(Number(failed)).toBe(1);
    expect(Number(all)).toBeGreaterThanOrEqual(1);
  });
});

it('what expired while the job ran is not called a failure', async () => {
  const inputs = { ...VAULT, 'on-revoke-failure': 'fail' };
  const run = beforePost(() => world.clock.advance(3_600_000));
  const played = await play(world, { with: inputs, run });
  expect([played.result.result, annotations(played)]).toEqual(['success', []]);
  expect(told(played).at(-1)).toBe('Vault token: had ended already');
});
