import { NetworkFault } from '../../../src/core/http.ts';
import { exchange } from '../../../src/providers/aws/exchange.ts';
import type { AwsRequest } from '../../../src/providers/aws/request.ts';
import { fakeClock, START } from '../../literals/clock.ts';
import { exchangePorts } from '../../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../../literals/identity.ts';
import { recordingKeep } from '../../literals/keep.ts';
import type { Entry } from '../../literals/runner.ts';
import { answer, LOGIN_PAGE, type Reply, scripted } from '../../literals/wire.ts';

const ROLES = ['111111111111', '222222222222', '333333333333'].map((account) => `arn:aws:iam::${account}:role/r`);
const [FIRST = '', ...CHAINED] = ROLES;
const REQUEST: AwsRequest = {
  roleArn: FIRST,
  accountId: '111111111111',
  region: 'eu-west-1',
  endpoint: 'https://sts.eu-west-1.amazonaws.com',
  audience: 'sts.amazonaws.com',
  duration: 1800,
  durationDemanded: false,
  policyArns: [],
  allowedAccountIds: [],
  chain: { roleArns: CHAINED, tags: [], transitiveTagKeys: [] },
};

interface Given {
  readonly account?: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

/** STS's answer with the session of the n-th role; its secrets have n in them. */
function session(n: number, { account = String(n).repeat(12), token = `token-of-hop-${n}`, headers = {} }: Given = {}) {
  const action = n === 1 ? 'AssumeRoleWithWebIdentity' : 'AssumeRole';
  return answer(
    200,
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
      <AssumedRoleUser><Arn>arn:aws:sts::${account}:assumed-role/r/n</Arn><AssumedRoleId>AROA:n</AssumedRoleId></AssumedRoleUser>
      <Credentials><AccessKeyId>ASIAHOP${String(n).repeat(13)}</AccessKeyId><SecretAccessKey>secret-of-hop-${n}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>2026-11-25T1${n}:30:00Z</Expiration></Credentials>
    </${action}Result></${action}Response>`,
    { 'content-type': 'text/xml', 'x-amzn-requestid': `request-${n}`, ...headers },
  );
}
const refused = (code: string, message = 'm', status = 403) =>
  answer(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
  );

async function run(replies: readonly Reply[], changes: Partial<AwsRequest> = {}) {
  const journal: Entry[] = [];
  const wire = scripted(...replies);
  const keep = recordingKeep(journal);
  const send: typeof wire.send = (request) => {
    journal.push(['request', new URLSearchParams(request.body).get('RoleArn')]);
    return wire.send(request);
  };
  const outcome = exchange({ ...REQUEST, ...changes }, identities(CLAIMS), exchangePorts(send, fakeClock()), keep);
  const grant = await outcome.catch((thrown: unknown) => thrown as never);
  const forms = wire.requests.map((request) => new URLSearchParams(request.body));
  return { grant, keep, journal, requests: wire.requests, forms };
}

it('masks what each hop brings before the next is asked', async () => {
  const { journal } = await run([session(1), session(2), session(3)]);
  expect(journal.filter(([verb]) => verb === 'request' || verb === 'mask')).toEqual(
    ROLES.flatMap((role, i) => [
      ['request', role],
      ['mask', `secret-of-hop-${i + 1}`],
      ['mask', `token-of-hop-${i + 1}`],
      ['mask', expect.stringContaining('ASIAHOP')],
    ]),
  );
});

it('signs each call with the session before, for its own region and host', async () => {
  const { requests } = await run([session(1), session(2), session(3)]);
  expect(requests.map(({ headers }) => headers?.['x-amz-security-token'])).toEqual([
    undefined,
    'token-of-hop-1',
    'token-of-hop-2',
  ]);
  expect(requests[0]?.headers).not.toHaveProperty('authorization');
  for (const { headers } of requests.slice(1))
    expect(headers?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIAHOP\d+\/\d{8}\/eu-west-1\/sts\/aws4_request, SignedHeaders=.*host/,
    );
});

it('hands on the last session alone, and tells of the others', async () => {
  const { grant } = await run([session(1), session(2), session(3)]);
  const given = grant.variables.map(({ value }) => (typeof value === 'string' ? value : value.reveal()));
  expect(given.join()).toContain('secret-of-hop-3');
  expect(given.join()).not.toMatch(/hop-[12]/);
  expect(grant.expiresAt).toBe(Date.parse('2026-11-25T13:30:00Z'));
  expect(grant.credentials.map(({ kind, requestId }) => [kind, requestId])).toEqual([
    ['AWS session of an earlier hop', 'request-1'],
    ['AWS session of an earlier hop', 'request-2'],
    ['AWS session', 'request-3'],
  ]);
});

it.each([
  ['three hours behind', START + 3 * 3_600_000, 3 * 3_600_000],
  ['an hour ahead', START - 3_600_000, -3_600_000],
  ['as good as right', START + 59_000, 0],
  ['nobody knows', Number.NaN, 0],
])("signs with STS's time where the runner's clock is %s", async (_, theirs, offset) => {
  const date = Number.isNaN(theirs) ? 'soon' : new Date(theirs).toUTCString();
  const { requests } = await run([session(1, { headers: { date } }), session(2), session(3)]);
  for (const { headers } of requests.slice(1)) {
    const [, y, mo, d, h, mi, s] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers?.['x-amz-date'] ?? '') ?? [];
    const signedAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
    // The SDK adds the offset to the clock of this machine. Half an hour is what no test takes, and no offset here is that small.
    expect(Math.abs(signedAt - Date.now() - offset)).toBeLessThan(1_800_000);
  }
});

it.each<[string, Reply, string]>([
  ['AccessDenied', refused('AccessDenied'), 'aws/refused'],
  ['a login page', answer(200, LOGIN_PAGE), 'aws/bad-answer'],
  ['a line end in the token', session(2, { token: 'abc\nd' }), 'aws/bad-answer'],
  ['no token', session(2, { token: '' }), 'aws/bad-answer'],
  ['another account', session(2, { account: '999999999999' }), 'aws/wrong-account'],
  ['a certificate that is not trusted', new NetworkFault('SELF_SIGNED_CERT_IN_CHAIN', 'sts', false), 'aws/unreachable'],
])('ends at a hop that brings %s, and owes what was given before it', async (_, reply, id) => {
  const { grant, requests, keep } = await run([session(1), reply]);
  expect(grant).toMatchObject({ id });
  expect(requests).toHaveLength(2);
  expect(keep.debts).toEqual([
    {
      by: 'step',
      kind: 'expiring',
      data: { what: 'AWS session arn:aws:sts::111111111111:assumed-role/r/n', at: Date.parse('2026-11-25T11:30:00Z') },
    },
  ]);
});

it('names the hop in its refusal', async () => {
  const { grant } = await run([session(1), session(2), refused('AccessDenied')]);
  expect(grant).toMatchObject({ evidence: { hop: 2, code: 'AccessDenied', status: 403 } });
});

it('repeats what passes by itself', async () => {
  const { grant, requests } = await run([
    session(1),
    refused('Throttling', 'Rate exceeded', 400),
    session(2),
    new NetworkFault('ECONNRESET', 'h', true),
    session(3),
  ]);
  expect(grant.cloud).toBe('aws');
  expect(requests).toHaveLength(5);
});

it('does not start a hop when another exchange has failed', async () => {
  const ports = exchangePorts(scripted(session(1), session(2)).send);
  const keep = recordingKeep();
  const told = {
    ...keep,
    secret(...args: Parameters<typeof keep.secret>) {
      ports.budget.abandon();
      return keep.secret(...args);
    },
  };
  await expect(exchange(REQUEST, identities(CLAIMS), ports, told)).rejects.toMatchObject({ id: 'run/abandoned' });
});
