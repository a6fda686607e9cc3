import { NetworkFault } from '../../../src/core/http.ts';
import { exchange, sessionName } from '../../../src/providers/aws/exchange.ts';
import type { AwsRequest } from '../../../src/providers/aws/request.ts';
import { START } from '../../literals/clock.ts';
import { exchangePorts } from '../../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../../literals/identity.ts';
import { recordingKeep } from '../../literals/keep.ts';
import { answer, LOGIN_PAGE, type Reply, scripted } from '../../literals/wire.ts';

const REQUEST: AwsRequest = {
  roleArn: 'arn:aws:iam::123456789012:role/deploy',
  accountId: '123456789012',
  region: 'eu-west-1',
  endpoint: 'https://sts.eu-west-1.amazonaws.com',
  audience: 'sts.amazonaws.com',
  duration: 3600,
  durationDemanded: false,
  policyArns: [],
  allowedAccountIds: [],
};
const END = '2026-11-25T13:00:00Z';
const SESSION = {
  Arn: 'arn:aws:sts::123456789012:assumed-role/deploy/gh-42-1-00000001',
  AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY',
  SessionToken: 'AQoDYXdzEE0a8ANXXXXXXXXNO1ewxE5TijQyp+IEXAMPLE',
  Expiration: END,
};

/** STS's answer; a member of `undefined` is left out. */
function session(changes: Partial<Record<keyof typeof SESSION, string | undefined>> = {}) {
  const { Arn, ...credentials } = { ...SESSION, ...changes };
  const elements = Object.entries(credentials).filter(([, v]) => v !== undefined);
  return answer(
    200,
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
      <AssumedRoleUser>${Arn === undefined ? '' : `<Arn>${Arn}</Arn>`}<AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>
      <Credentials>${elements.map(([k, v]) => `<${k}>${v}</${k}>`).join('')}</Credentials>
    </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    { 'content-type': 'text/xml', 'x-amzn-requestid': 'c6104cbe-af31-11e0-8154' },
  );
}
const refused = (code: string, message = 'm', status = 400) =>
  answer(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
  );

async function run(replies: readonly Reply[], changes: Partial<AwsRequest> = {}, claims = CLAIMS) {
  const wire = scripted(...replies);
  const keep = recordingKeep();
  const tokens = identities(claims);
  const outcome = exchange({ ...REQUEST, ...changes }, tokens, exchangePorts(wire.send), keep);
  const grant = await outcome.catch((thrown: unknown) => thrown as never);
  const forms = wire.requests.map((request) => new URLSearchParams(request.body));
  return { grant, keep, tokens, requests: wire.requests, forms };
}

describe('a session', () => {
  it('is asked for with one POST to the endpoint of the region', async () => {
    const { requests, forms } = await run([session()]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: 'https://sts.eu-west-1.amazonaws.com/' });
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: REQUEST.roleArn,
      RoleSessionName: 'gh-42-1-00000001',
      DurationSeconds: '3600',
      WebIdentityToken: expect.stringMatching(/^ey/),
    });
    expect(forms[0]?.has('Policy')).toBe(false);
  });

  it('becomes variables, outputs and a credential', async () => {
    const { grant } = await run([session()]);
    expect(Object.fromEntries(grant.variables.map((v) => [v.name, String(v.value)]))).toEqual({
      AWS_ACCESS_KEY_ID: expect.any(String),
      AWS_SECRET_ACCESS_KEY: '***',
      AWS_SESSION_TOKEN: '***',
      AWS_CREDENTIAL_EXPIRATION: END,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    });
    expect(grant.outputs).toEqual([
      { name: 'aws-account-id', value: '123456789012' },
      { name: 'aws-role-arn', value: REQUEST.roleArn },
      { name: 'aws-session-arn', value: SESSION.Arn },
    ]);
    expect(grant.expiresAt).toBe(Date.parse(END));
    expect(grant.credentials).toEqual([
      {
        cloud: 'aws',
        kind: 'AWS session',
        holder: SESSION.Arn,
        expiresAt: Date.parse(END),
        ending: 'expires',
        requestId: 'c6104cbe-af31-11e0-8154',
      },
    ]);
  });

  it.each(['SecretAccessKey', 'SessionToken', 'AccessKeyId'] as const)('is masked: %s', async (member) => {
    const { keep } = await run([session()]);
    expect(keep.masked).toContain(SESSION[member]);
  });

  it('is narrowed as it was asked to be', async () => {
    const { forms } = await run([session()], {
      policy: '{"Version":"2012-10-17"}',
      policyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B'],
      sessionName: 'mine',
      duration: 900,
    });
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      Policy: '{"Version":"2012-10-17"}',
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/A',
      'PolicyArns.member.2.arn': 'arn:aws:iam::aws:policy/B',
      RoleSessionName: 'mine',
      DurationSeconds: '900',
    });
  });
});

describe('a time box', () => {
  it("is counted on GitHub's clock, and ends the credential", async () => {
    const { grant, forms } = await run([session()], { timeBox: 300, duration: 900 });
    const denied = new Date(START + 300_000).toISOString().replace('.000', '');
    expect(forms[0]?.get('Policy')).toContain(`"aws:CurrentTime":"${denied}"`);
    expect(grant.expiresAt).toBe(START + 300_000);
    expect(grant.credentials[0]).toMatchObject({ ending: 'denied after', expiresAt: START + 300_000 });
    expect(grant.warnings.join()).toContain('5m');
  });

  it('that cannot be set is not promised', async () => {
    const { iat: _, ...undated } = CLAIMS;
    const { grant } = await run([session()], { timeBox: 300, duration: 900 }, undated);
    const promised = grant instanceof Error ? undefined : grant.credentials[0]?.ending;
    expect(promised).not.toBe('denied after');
  });
});

describe('a refusal', () => {
  it.each([
    ['AccessDenied', 403],
    ['InvalidIdentityToken', 400],
    ['MalformedPolicyDocument', 400],
    ['PackedPolicyTooLarge', 400],
    ['RegionDisabledException', 403],
    ['ValidationError', 400],
    ['IDPRejectedClaim', 403],
  ])('is tried once: %s', async (code, status) => {
    const { grant, requests, keep } = await run([refused(code, 'They say why', status)]);
    expect(requests).toHaveLength(1);
    expect(grant).toMatchObject({
      id: 'aws/refused',
      evidence: { host: 'sts.eu-west-1.amazonaws.com', status, code, said: 'They say why', requestId: 'r-1' },
    });
    expect(keep.journal).toEqual([]);
  });

  it.each([
    ['a reset', new NetworkFault('ECONNRESET', 'h', true)],
    ['500', answer(500)],
    ['503', answer(503, 'Service Unavailable')],
    ['Throttling', refused('Throttling', 'Rate exceeded')],
    ['IDPCommunicationError', refused('IDPCommunicationError')],
    [
      "keys that GitHub's endpoint did not give",
      refused('InvalidIdentityToken', "Couldn't retrieve verification key from your identity provider,"),
    ],
  ])('that passes is tried again: %s', async (_, reply) => {
    const { grant, requests } = await run([reply, session()]);
    expect(requests).toHaveLength(2);
    expect(grant.cloud).toBe('aws');
  });

  it('of an expired identity renews it once', async () => {
    const expired = refused(
      'ExpiredTokenException',
      'Token expired: current date/time 1 must be before the expiration date/time 0',
    );
    const { grant, tokens, forms } = await run([expired, session()]);
    expect(grant.cloud).toBe('aws');
    expect(tokens.renewals).toEqual(['exchange']);
    expect(forms[0]?.get('WebIdentityToken')).not.toBe(forms[1]?.get('WebIdentityToken'));
    const again = await run([expired, expired]);
    expect(again.tokens.renewals).toHaveLength(1);
    expect(again.grant).toMatchObject({ id: 'aws/refused', evidence: { code: 'ExpiredTokenException' } });
  });

  it('of a lifetime that nobody demanded asks for an hour instead; of a demand it stands', async () => {
    const tooLong = refused(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
    const { grant, forms } = await run([tooLong, session()], { duration: 21_600 });
    expect(grant.cloud).toBe('aws');
    expect(forms.map((form) => form.get('DurationSeconds'))).toEqual(['21600', '3600']);
    const demanded = await run([tooLong], { duration: 21_600, durationDemanded: true });
    expect(demanded.grant).toMatchObject({ id: 'aws/refused', evidence: { code: 'ValidationError' } });
  });

  it('by the network names the host', async () => {
    const fault = new NetworkFault('SELF_SIGNED_CERT_IN_CHAIN', 'sts.eu-west-1.amazonaws.com', false);
    const { grant, requests } = await run([fault]);
    expect(requests).toHaveLength(1);
    expect(grant).toMatchObject({ id: 'aws/unreachable', evidence: { code: 'SELF_SIGNED_CERT_IN_CHAIN' } });
  });
});

describe('an answer that is no session', () => {
  it.each<[string, Reply, string]>([
    ['a login page with 200', answer(200, LOGIN_PAGE), 'aws/bad-answer'],
    ['JSON with 200', answer(200, '{"ok":true}'), 'aws/bad-answer'],
    ['nothing with 200', answer(200), 'aws/bad-answer'],
    ['a redirect', answer(302, '', { location: 'https://login.example.com/' }), 'aws/bad-answer'],
    ['a login page with 403', answer(403, LOGIN_PAGE), 'aws/unavailable'],
    ['no secret key', session({ SecretAccessKey: undefined }), 'aws/bad-answer'],
    ['no session token', session({ SessionToken: undefined }), 'aws/bad-answer'],
    ['no access key id', session({ AccessKeyId: undefined }), 'aws/bad-answer'],
    ['no end', session({ Expiration: undefined }), 'aws/bad-answer'],
    ['no ARN', session({ Arn: undefined }), 'aws/bad-answer'],
    ['an empty token', session({ SessionToken: '' }), 'aws/bad-answer'],
    ['an access key id of another form', session({ AccessKeyId: 'asia$(id)' }), 'aws/bad-answer'],
    ['a line end in the token', session({ SessionToken: 'abc\ncredential_process=/bin/sh' }), 'aws/bad-answer'],
    ['a control character in the key', session({ SecretAccessKey: 'abc&#x7;def' }), 'aws/bad-answer'],
    ['an ARN of another service', session({ Arn: 'arn:aws:iam::123456789012:user/x' }), 'aws/bad-answer'],
    ['another account', session({ Arn: 'arn:aws:sts::999999999999:assumed-role/deploy/x' }), 'aws/wrong-account'],
  ])('is refused: %s', async (_, reply, id) => {
    const { grant, keep } = await run([reply]);
    expect(grant).toMatchObject({ id });
    expect(keep.debts).toEqual([]);
  });

  it('has its secrets masked all the same', async () => {
    const { keep } = await run([session({ Arn: 'nonsense' })]);
    expect(keep.masked).toEqual(expect.arrayContaining([SESSION.SecretAccessKey, SESSION.SessionToken]));
  });

  it('is refused when its account is not allowed', async () => {
    const { grant } = await run([session()], { allowedAccountIds: ['210987654321'] });
    expect(grant).toMatchObject({ id: 'aws/wrong-account' });
  });
});

describe('the name of a session', () => {
  const job = { serverUrl: 'https://github.com', runId: '42', runAttempt: '3' };
  it('is unique to run, attempt and step', () => {
    expect(sessionName(job, 'abcd')).toBe('gh-42-3-abcd');
  });
  it.each([
    [{ ...job, runId: '4 2/$(x)' }, 'n'],
    [{ serverUrl: '' }, 'n'],
    [{ ...job, runId: '9'.repeat(90) }, 'n'],
  ])('is one that STS takes: %j', (odd, nonce) => {
    expect(sessionName(odd, nonce)).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});
