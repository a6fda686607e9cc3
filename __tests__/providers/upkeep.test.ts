// What each cloud keeps fresh, and how: over a prepared wire, with what main handed over.
import type { Charge } from '../../src/core/charge.ts';
import { Failure } from '../../src/core/failure.ts';
import type { AwsRequest } from '../../src/providers/aws/request.ts';
import { charges as awsCharges } from '../../src/providers/aws/upkeep.ts';
import { settingsFile } from '../../src/providers/azure/cli-files.ts';
import { charges as azureCharges } from '../../src/providers/azure/upkeep.ts';
import { charges as gcpCharges } from '../../src/providers/gcp/upkeep.ts';
import { UPKEEP } from '../../src/providers/upkeep.ts';
import { charges as vaultCharges } from '../../src/providers/vault/upkeep.ts';
import { START } from '../literals/clock.ts';
import { exchangePorts } from '../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../literals/identity.ts';
import { recordingKeep } from '../literals/keep.ts';
import { answer, type Reply, scripted } from '../literals/wire.ts';

const HOUR = 3_600_000;
const UNTIL = START + 6 * HOUR;
const only = (charges: readonly Charge[]): Charge => {
  expect(charges).toHaveLength(1);
  return charges[0] as Charge;
};
const renewed = (charge: Charge, replies: readonly Reply[] = [], claims = CLAIMS) => {
  const wire = scripted(...replies);
  const keep = recordingKeep();
  const fresh = charge.renew(identities(claims), exchangePorts(wire.send), keep);
  return { fresh, wire, keep };
};

it('there is one for every cloud', async () => {
  for (const load of Object.values(UPKEEP)) expect((await load()).charges).toBeInstanceOf(Function);
  expect(Object.keys(UPKEEP).sort()).toEqual(['aws', 'azure', 'gcp', 'vault']);
});

describe('azure', () => {
  const charge = () => only(azureCharges({ audience: 'api://AzureADTokenExchange' }, { lifeMs: 300_000 }));

  it('replaces the token file with a token of the one audience', async () => {
    const { form, audiences, renewAfterMs, first } = charge();
    expect(form).toEqual({ kind: 'file', name: 'azure-identity-token' });
    expect(audiences).toEqual({ file: 'api://AzureADTokenExchange' });
    expect(first.lifeMs).toBe(300_000);
    // With a tick of ten seconds, under two minutes.
    expect(renewAfterMs).toBeLessThan(110_000);
  });

  it('by a token whose life is counted on its issuer’s clock', async () => {
    const { fresh, wire } = renewed(charge(), [], { ...CLAIMS, iat: 1_000, exp: 1_240 });
    expect((await fresh).lifeMs).toBe(240_000);
    expect((await fresh).value).toMatch(/^eyJ/);
    expect(wire.requests).toEqual([]);
  });
});

describe("the Azure CLI's login", () => {
  const request = { audience: 'api://AzureADTokenExchange', clientId: 'app', tenantId: 'octo.example' };
  const charge = () => only(azureCharges(request, { cliFolder: 'azure-cli', cliLifeMs: 300_000 }));
  const form = () => {
    const found = charge().form;
    if (found.kind !== 'shared') throw new Error('not shared');
    return found;
  };
  const ours = { client_id: 'app', tenant: 'octo.example', client_assertion: 'old' };
  const others = [
    { ...ours, tenant: 'other.example' },
    { client_id: 'other', tenant: 'octo.example', client_secret: 's' },
  ];

  it('is kept beside the token file, or alone', () => {
    const both = azureCharges(request, { lifeMs: 300_000, cliFolder: 'azure-cli', cliLifeMs: 300_000 });
    expect(both.map(({ what }) => what)).toEqual(["Azure's token file", "Azure CLI's login"]);
    expect(charge().audiences).toEqual({ cli: 'api://AzureADTokenExchange' });
    expect(charge().renewAfterMs).toBeLessThan(110_000);
    expect([form().folder, form().name]).toEqual(['azure-cli', 'service_principal_entries.json']);
  });

  it('gets another token as az would write it; every other login stays as it is', () => {
    const edited = form().edit(JSON.stringify([others[0], ours, others[1]]), 'new');
    expect(JSON.parse(edited ?? '')).toEqual([others[0], { ...ours, client_assertion: 'new' }, others[1]]);
    expect(edited).toContain('\n    {\n        "client_id"');
  });

  it('is found by its ids, in whatever case they were written', () => {
    const spelt = { ...ours, client_id: 'APP', tenant: 'Octo.example' };
    expect(JSON.parse(form().edit(JSON.stringify([spelt]), 'new') ?? '')).toEqual([
      { ...spelt, client_assertion: 'new' },
    ]);
  });

  it('is readable on every platform', () => {
    expect(settingsFile('public')).toContain('encrypt_token_cache = false');
  });

  it.each([
    ['logged out', []],
    ['of others only', others],
    ['signed in with a secret since', [{ client_id: 'app', tenant: 'octo.example', client_secret: 's' }]],
  ])('is left alone where az is %s', (_, logins) => {
    expect(form().edit(JSON.stringify(logins), 'new')).toBeUndefined();
  });

  it.each(['', '[{"client_id"', '{}', 'null'])('is not guessed where it cannot be read: %j', (text) => {
    expect(() => form().edit(text, 'new')).toThrow();
  });
});

describe('google', () => {
  const handover = { form: 'served', token: 'first', lifeMs: 300_000 };
  const request = { audience: 'https://iam.googleapis.com/p' };

  it('serves the one token as the credentials file says, and refuses as OAuth does', async () => {
    const charge = only(gcpCharges(request, handover));
    expect(charge.audiences).toEqual({ exchange: 'https://iam.googleapis.com/p' });
    expect(charge.first.value).toBe('{"value":"first"}');
    expect(JSON.parse((await renewed(charge).fresh).value)).toEqual({ value: expect.stringMatching(/^eyJ/) });
    if (charge.form.kind !== 'served') throw new Error('not served');
    expect(charge.form.authorization('s')).toBe('Bearer s');
    const { status, body } = charge.form.refusal(503, new Failure('identity/refused', 'no'));
    expect([status, JSON.parse(body)]).toEqual([
      503,
      { error: 'temporarily_unavailable', error_description: '[identity/refused] no' },
    ]);
  });

  it('behind a proxy replaces the file, and holds nothing but the token in it', async () => {
    const charge = only(gcpCharges(request, { ...handover, form: 'file' }));
    expect(charge.form).toEqual({ kind: 'file', name: 'gcp-identity-token' });
    expect((await renewed(charge).fresh).value).toMatch(/^eyJ[^"]*$/);
  });
});

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const session = (expiration: string) =>
  answer(
    200,
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey><SessionToken>session-token-of-the-role</SessionToken><Expiration>${expiration}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROA:gh</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/deploy/gh-42-1-x</Arn></AssumedRoleUser></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  );

describe('aws', () => {
  const request: AwsRequest = {
    roleArn: ROLE,
    accountId: '123456789012',
    region: 'eu-west-1',
    endpoint: 'https://sts.eu-west-1.amazonaws.com',
    audience: 'sts.amazonaws.com',
    duration: 900,
    durationDemanded: false,
    policyArns: [],
    allowedAccountIds: [],
  };
  const charge = (until = UNTIL, changes: Partial<AwsRequest> = {}) =>
    only(awsCharges({ ...request, ...changes }, { credentials: '{}', lifeMs: 900_000 }, until));
  const policyOf = (body: string | undefined) => new URLSearchParams(body).get('Policy');

  it("serves a session as the container provider's JSON", async () => {
    const { fresh, wire, keep } = renewed(charge(), [session('2026-11-25T12:15:00Z')]);
    expect(JSON.parse((await fresh).value)).toEqual({
      AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      Token: 'session-token-of-the-role',
      Expiration: '2026-11-25T12:15:00Z',
    });
    expect((await fresh).lifeMs).toBe(900_000);
    const form = new URLSearchParams(wire.requests[0]?.body);
    expect([form.get('RoleArn'), form.get('DurationSeconds'), form.get('Policy')]).toEqual([ROLE, '900', null]);
    expect(keep.masked).toContain('session-token-of-the-role');
  });

  it('refuses as the SDKs read it', () => {
    const { form } = charge();
    if (form.kind !== 'served') throw new Error('not served');
    expect(form.authorization('s')).toBe('s');
    expect(JSON.parse(form.refusal(503, new Failure('aws/refused', 'no')).body)).toEqual({
      Code: 'ServiceUnavailable',
      Message: '[aws/refused] no',
    });
    expect(JSON.parse(form.refusal(401, new Failure('keeper/refused', 'no')).body).Code).toBe('AccessDenied');
  });

  it('denies the last sessions everything once lifetime is over', async () => {
    const { fresh, wire } = renewed(charge(START + 300_000), [session('2026-11-25T12:15:00Z')]);
    expect((await fresh).lifeMs).toBe(300_000);
    expect(JSON.parse((await fresh).value).Expiration).toBe('2026-11-25T12:05:00Z');
    expect(policyOf(wire.requests[0]?.body)).toContain('2026-11-25T12:05:00Z');
  });

  it('but not where the user’s policy leaves no room for that', async () => {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'x'.repeat(1_960) }] });
    const { fresh, wire } = renewed(charge(START + 300_000, { policy }), [session('2026-11-25T12:15:00Z')]);
    expect((await fresh).lifeMs).toBe(900_000);
    expect(policyOf(wire.requests[0]?.body)).toBe(policy);
  });

  it('rejects with the failure of a refused exchange', async () => {
    const refused = answer(
      403,
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    );
    await expect(renewed(charge(), [refused]).fresh).rejects.toMatchObject({ id: 'aws/refused' });
  });
});

describe('vault', () => {
  const request = { url: 'https://vault.example.com', namespace: 'team', authNamespace: 'admin' };
  const term = { what: 'the token', seconds: 900, expiresAt: START + 900_000, renewable: true };
  const lease = { ...term, what: 'the lease of database/creds/ro', id: 'database/creds/ro/abc', seconds: 600 };
  const charges = (until = UNTIL) =>
    vaultCharges(request, { token: 'hvs.token', terms: JSON.stringify([term, lease]) }, until);
  const sent = (wire: ReturnType<typeof scripted>) => {
    const [asked] = wire.requests;
    return [asked?.url, asked?.headers?.['x-vault-namespace'], JSON.parse(asked?.body ?? 'null')];
  };

  it('renews the token by its own term, in the namespace of the login', async () => {
    const { fresh, wire } = renewed(charges()[0] as Charge, [answer(200, { auth: { lease_duration: 900 } })]);
    expect(await fresh).toEqual({ value: '', lifeMs: 900_000 });
    expect(sent(wire)).toEqual(['https://vault.example.com/v1/auth/token/renew-self', 'admin', { increment: '900s' }]);
    expect(wire.requests[0]?.headers?.['x-vault-token']).toBe('hvs.token');
  });

  it('renews a lease by its own term, in the namespace of the secrets', async () => {
    const { fresh, wire } = renewed(charges()[1] as Charge, [answer(200, { lease_duration: 600, renewable: true })]);
    expect((await fresh).lifeMs).toBe(600_000);
    expect(sent(wire)).toEqual([
      'https://vault.example.com/v1/sys/leases/renew',
      'team',
      { lease_id: 'database/creds/ro/abc', increment: 600 },
    ]);
  });

  it('never beyond lifetime', async () => {
    const { wire, fresh } = renewed(charges(START + 120_000)[0] as Charge, [
      answer(200, { auth: { lease_duration: 120 } }),
    ]);
    expect(await fresh).toEqual({ value: '', lifeMs: 120_000 });
    expect(sent(wire)[2]).toEqual({ increment: '120s' });
  });

  it('stops once the server gives less than it was asked for: the longest that the role allows', async () => {
    const { fresh } = renewed(charges()[0] as Charge, [answer(200, { auth: { lease_duration: 300 } })]);
    expect(await fresh).toEqual({ value: '', lifeMs: 300_000, last: true });
  });

  it.each([
    [403, 'permission denied'],
    [400, 'lease is not renewable'],
  ])('rejects what is refused with %i, after one try', async (status, said) => {
    const { fresh, wire } = renewed(charges()[1] as Charge, [answer(status, { errors: [said] })]);
    await expect(fresh).rejects.toMatchObject({ id: 'vault/not-renewed', message: expect.stringContaining(said) });
    expect(wire.requests).toHaveLength(1);
  });
});
