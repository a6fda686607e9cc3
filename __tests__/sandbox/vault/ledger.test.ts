// What the servers write into the ledger: what was issued, to whom, what is still alive, and what ended it.
import type { Entry } from '../../../sandbox/ledger.ts';
import { type Emulated, emulated, switchDatabases } from './emulated.ts';
import { Job } from './job-of.ts';
import { serverOf, trustOf } from './trust.ts';

const MINUTE = 60_000;

function start(flavour: 'vault' | 'openbao' = 'vault', backgroundMs = 1): Emulated {
  return emulated({ servers: [{ ...serverOf(flavour), backgroundMs }] });
}

function entries(world: Emulated, kind: string): Entry[] {
  return world.ledger.all('vault').filter((entry) => entry.kind === kind);
}

function living(world: Emulated): string[] {
  return world.ledger
    .living('vault')
    .map((entry) => entry.kind)
    .sort();
}

/** Lets the background revocations run. */
async function background(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 15));
}

describe('what is issued', () => {
  it('a service token can be ended, and its secret is the token', async () => {
    const world = start();
    const { token } = await new Job(world).login('ci');
    expect(entries(world, 'service token')).toMatchObject([
      { revocable: true, secrets: [token], holder: 'jwt-octo-org/octo-repo' },
    ]);
    // The entry is written a moment after the term began to run.
    const [{ issuedAt = 0, expiresAt = 0 } = {}] = entries(world, 'service token');
    expect(Math.round((expiresAt - issuedAt) / MINUTE)).toBe(15);
  });

  it('a batch token cannot be ended', async () => {
    const world = start();
    const { token } = await new Job(world).login('batch');
    expect(entries(world, 'batch token')).toMatchObject([{ revocable: false, secrets: [token] }]);
    expect(world.ledger.owed()).toEqual([]);
  });

  it.each([
    ['vault', /^hvs\..{92}$/, /^hvb\./],
    ['openbao', /^s\.[A-Za-z0-9]{24}$/, /^b\..{216}$/],
  ] as const)('%s has its own prefixes', async (flavour, service, batch) => {
    const world = start(flavour);
    expect((await new Job(world).login('ci')).token).toMatch(service);
    expect((await new Job(world).login('batch')).token).toMatch(batch);
  });

  it('a lease comes with a database user, each with the password', async () => {
    const world = start();
    const job = await new Job(world).login('ci');
    const { json } = await job.ask('GET', 'database/creds/readonly');
    expect(entries(world, 'lease')).toMatchObject([
      { id: json.lease_id, revocable: true, secrets: [json.data.password] },
    ]);
    expect(entries(world, 'database user')).toMatchObject([
      { id: json.data.username, revocable: true, secrets: [json.data.password] },
    ]);
  });

  it('KV values are canaries once they were read, each secret once', async () => {
    const world = start();
    const job = await new Job(world).login('ci');
    expect(entries(world, 'static secret')).toEqual([]);
    for (const path of ['secret/data/app', 'secret/data/app', 'kv1/app', 'secret/data/none'])
      await job.ask('GET', path);
    const read = entries(world, 'static secret');
    expect(read.map((entry) => entry.secrets)).toEqual([
      ['second password', 'dashes and dots'],
      ['version one password'],
    ]);
    expect(read.every((entry) => !entry.revocable && entry.expiresAt === undefined)).toBe(true);
  });

  it.each([
    ['aws/creds/user', 'lease', true],
    ['aws/sts/session', 'lease', false],
    ['azure/creds/reader', 'lease', true],
    ['gcp/roleset/reader/token', 'access token', false],
    ['gcp/roleset/reader/key', 'lease', true],
    ['terraform/creds/team', 'lease', true],
    ['terraform/creds/legacy', 'static secret', false],
  ])('%s is a %s, revocable: %s', async (path, kind, revocable) => {
    const world = start();
    const { json } = await (await new Job(world).login('ci')).ask('GET', path);
    const [entry] = entries(world, kind);
    expect(entry?.revocable).toBe(revocable);
    expect(Object.values(json.data)).toContain(entry?.secrets[0]);
  });
});

describe('what ends it', () => {
  it('a lease, revoked, then its token', async () => {
    const world = start();
    const job = await new Job(world).login('ci');
    expect(await job.revoke(await job.lease())).toBe(204);
    expect(living(world)).toEqual(['service token']);
    expect(await job.revokeSelf()).toBe(204);
    expect(world.ledger.owed()).toEqual([]);
    expect(world.ledger.all().map((entry) => entry.endedBy)).toEqual(['revoked', 'revoked', 'revoked']);
  });

  it('revoke-self answers before the leases are gone', async () => {
    const world = start();
    const job = await new Job(world).login('ci');
    await job.lease();
    expect(await job.revokeSelf()).toBe(204);
    expect(living(world)).toEqual(['database user', 'lease']);
    await background();
    expect(living(world)).toEqual([]);
    expect(entries(world, 'lease')[0]?.endedBy).toBe('with its token');
  });

  it('a queued revocation answers before the lease is gone', async () => {
    const world = start();
    const job = await new Job(world).login('ci');
    expect(await job.revoke(await job.lease(), false)).toBe(202);
    expect(living(world)).toEqual(['database user', 'lease', 'service token']);
    await background();
    expect(living(world)).toEqual(['service token']);
  });

  it('with the database down, revoke-self is 204 and the lease lives on, until a later try', async () => {
    const world = start();
    const job = await new Job(world).login('ci');
    await job.lease();
    switchDatabases(world.trust, false);
    expect(await job.revokeSelf()).toBe(204);
    await background();
    expect(living(world)).toEqual(['database user', 'lease']);
    switchDatabases(world.trust, true);
    await new Job(world).ask('GET', 'sys/health');
    expect(living(world)).toEqual(['database user', 'lease']);
    world.pass(11);
    await new Job(world).ask('GET', 'sys/health');
    expect(living(world)).toEqual([]);
  });

  it('a revocation statement that fails leaves the user alive', async () => {
    const server = serverOf('openbao');
    const mounts = {
      ...server.secrets,
      database: { type: 'database', up: true, roles: { readonly: { revocation_statements_fail: true } } } as const,
    };
    const world = emulated({ servers: [{ ...server, secrets: mounts }] });
    const job = await new Job(world).login('ci');
    const answer = await job.ask('POST', 'sys/leases/revoke', { lease_id: await job.lease(), sync: true });
    expect(answer.json.errors[0]).toMatch(
      /^failed to revoke entry: resp: \(\*logical\.Response\)\(nil\) err: ERROR: .*SQLSTATE 42601/,
    );
    expect(living(world)).toContain('database user');
  });

  it('revoking an STS lease is 204 and ends nothing', async () => {
    const world = start();
    const job = await new Job(world).login('ci');
    expect(await job.revoke(await job.lease('aws/sts/session'))).toBe(204);
    expect(entries(world, 'lease')[0]?.endedBy).toBeUndefined();
    expect(living(world)).toContain('lease');
    world.pass(3601);
    expect(living(world)).toEqual([]);
  });

  it('a lease in a child namespace outlives its parent-namespace token', async () => {
    const world = start();
    const job = await new Job(world).login('team-line');
    await job.lease('database/creds/readonly', 'team');
    await job.revokeSelf();
    await background();
    expect(living(world)).toEqual(['database user', 'lease']);
  });

  it("a lease in the token's own child namespace goes with it", async () => {
    const world = start();
    const job = await new Job(world).login('ci', 'team');
    await job.lease('database/creds/readonly', 'team');
    await job.revokeSelf();
    await background();
    expect(living(world)).toEqual([]);
  });

  it("a batch token's lease is not indexed under it, but ends by its time", async () => {
    const world = start();
    const job = await new Job(world).login('batch');
    await job.lease();
    expect(await job.revokeSelf()).toBe(400);
    world.pass(14 * 60);
    expect(living(world)).toEqual(['batch token', 'database user', 'lease']);
    world.pass(61);
    expect(living(world)).toEqual([]);
  });

  it('a lease ends with a token that expires before it', async () => {
    const world = start();
    await (await new Job(world).login('short')).lease();
    world.pass(301);
    expect(living(world)).toEqual([]);
  });

  it('renewing the token carries its leases along', async () => {
    const world = start();
    const job = await new Job(world).login('short');
    await job.lease();
    await job.ask('POST', 'auth/token/renew-self', { increment: '9m' });
    world.pass(301);
    expect(living(world)).toEqual(['database user', 'lease', 'service token']);
  });

  it('the last use of a token revokes the lease that it made', async () => {
    const world = start();
    const job = await new Job(world).login('once');
    expect((await job.ask('GET', 'database/creds/readonly')).status).toBe(400);
    expect(entries(world, 'lease')[0]?.endedBy).toBe('revoked');
    expect(living(world)).toEqual([]);
  });

  it('unwrapping ends the wrapping token', async () => {
    const world = emulated(trustOf('vault'));
    const job = await new Job(world).login('ci');
    const reply = await world.answer({
      method: 'GET',
      path: '/v1/secret/data/app',
      headers: { 'x-vault-token': job.token, 'x-vault-wrap-ttl': '60s' },
      body: '',
    });
    job.token = JSON.parse(reply.body ?? '').wrap_info.token;
    expect(living(world)).toContain('wrapping token');
    await job.ask('POST', 'sys/wrapping/unwrap');
    expect(living(world)).not.toContain('wrapping token');
  });
});
