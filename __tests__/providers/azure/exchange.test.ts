import { NetworkFault } from '../../../src/core/http.ts';
import { exchange } from '../../../src/providers/azure/exchange.ts';
import type { AzureRequest } from '../../../src/providers/azure/request.ts';
import { START } from '../../literals/clock.ts';
import { exchangePorts } from '../../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../../literals/identity.ts';
import { recordingKeep } from '../../literals/keep.ts';
import { answer, LOGIN_PAGE, type Reply, scripted } from '../../literals/wire.ts';

const SCOPE = 'https://management.azure.com/.default';
const KEY_VAULT = 'https://vault.azure.net/.default';
const REQUEST: AzureRequest = {
  clientId: '11111111-1111-4111-8111-111111111111',
  tenantId: '22222222-2222-4222-8222-222222222222',
  cloud: 'public',
  authority: 'https://login.microsoftonline.com',
  audience: 'api://AzureADTokenExchange',
  scopes: [SCOPE],
  consumers: ['sdk', 'terraform'],
};
const TOKEN = 'eyJ0eXAiOiJKV1QifQ.an-access-token-of-entra.c2lnbmF0dXJl';

function granted(changes: Record<string, unknown> = {}) {
  const body = { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: TOKEN, ...changes };
  return answer(200, body, { 'content-type': 'application/json', 'x-ms-request-id': 'req-1' });
}
function refused(code: number, { status = 401, error = 'invalid_client', said = 'They say why.' } = {}) {
  const description = `AADSTS${code}: ${said} Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-11-25 12:00:00Z`;
  return answer(status, { error, error_description: description, error_codes: [code], trace_id: 't-1' });
}

async function run(replies: readonly Reply[], changes: Partial<AzureRequest> = {}) {
  const wire = scripted(...replies);
  const keep = recordingKeep();
  const tokens = identities({ ...CLAIMS, aud: REQUEST.audience });
  const ports = exchangePorts(wire.send);
  const requestUrl = 'https://pipelines.actions.githubusercontent.com/x?api-version=2.0';
  const outcome = exchange({ ...REQUEST, ...changes }, tokens, { ...ports, job: { ...ports.job, requestUrl } }, keep);
  const grant = await outcome.catch((thrown: unknown) => thrown as never);
  const forms = wire.requests.map((request) => new URLSearchParams(request.body));
  return { grant, keep, tokens, requests: wire.requests, forms, sleeps: ports.clock.sleeps };
}

describe('an access token', () => {
  it('is asked for with one POST to the tenant, the identity token as assertion', async () => {
    const { requests, forms } = await run([granted()]);
    expect(requests).toHaveLength(1);
    const url = new URL(requests[0]?.url ?? '');
    expect(`${requests[0]?.method} ${url.origin}${url.pathname}`).toBe(
      `POST https://login.microsoftonline.com/${REQUEST.tenantId}/oauth2/v2.0/token`,
    );
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      client_id: REQUEST.clientId,
      scope: expect.stringContaining(SCOPE),
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.stringMatching(/^ey/),
    });
  });

  it('asks for no longer life than it gets by itself', async () => {
    const { forms } = await run([granted()]);
    expect(forms[0]?.get('claims') ?? '').not.toContain('CP1');
  });

  it('is masked before anything else, and becomes a credential', async () => {
    const { grant, keep } = await run([granted()]);
    expect(keep.journal).toEqual([
      ['mask', TOKEN],
      ['owe', 'expiring', { what: `Azure access token (${REQUEST.clientId})`, at: expect.any(Number) }],
    ]);
    expect(grant.credentials).toMatchObject([
      { kind: 'Azure access token', holder: REQUEST.clientId, scope: SCOPE, ending: 'expires', requestId: 'req-1' },
    ]);
    expect(grant.secretOutputs.map((o) => [o.name, String(o.value)])).toEqual([
      ['azure-access-token', '***'],
      ['azure-access-tokens', '***'],
    ]);
  });

  it('is got for each scope, with an identity of its own', async () => {
    const { grant, forms } = await run([granted(), granted({ access_token: `${TOKEN}2` })], {
      scopes: [SCOPE, KEY_VAULT],
    });
    expect(forms.map((form) => form.get('scope')?.split(' ')[0])).toEqual([SCOPE, KEY_VAULT]);
    const all = grant.secretOutputs.find((o) => o.name === 'azure-access-tokens')?.value;
    expect(JSON.parse(typeof all === 'object' ? all.reveal() : '')).toEqual({
      [SCOPE]: TOKEN,
      [KEY_VAULT]: `${TOKEN}2`,
    });
  });
});

describe('what consumers find', () => {
  const variables = async (changes: Partial<AzureRequest>) => {
    const { grant } = await run([granted()], changes);
    return Object.fromEntries(grant.variables.map((v) => [v.name, v.value]));
  };

  it('the SDKs: ids, the authority, which credential to use, and a token file without a final newline', async () => {
    expect(await variables({ consumers: ['sdk'], subscriptionId: 's' })).toEqual({
      AZURE_CLIENT_ID: REQUEST.clientId,
      AZURE_TENANT_ID: REQUEST.tenantId,
      AZURE_SUBSCRIPTION_ID: 's',
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
      AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential',
    });
    const { grant } = await run([granted()], { consumers: ['sdk'] });
    const [file] = grant.files;
    expect(file).toMatchObject({ variables: ['AZURE_FEDERATED_TOKEN_FILE'], outputs: ['azure-token-file'] });
    const content = file?.content(() => '');
    expect(typeof content === 'object' && 'reveal' in content && content.reveal()).toMatch(/^ey\S+$/);
  });

  it('Terraform: the switch and the ids, and no request URL where its own default is right', async () => {
    expect(await variables({ consumers: ['terraform'] })).toEqual({
      ARM_USE_OIDC: 'true',
      ARM_CLIENT_ID: REQUEST.clientId,
      ARM_TENANT_ID: REQUEST.tenantId,
    });
  });

  it('Terraform in another cloud: its name, and a request URL with its audience', async () => {
    const found = await variables({
      consumers: ['terraform'],
      cloud: 'usgovernment',
      audience: 'api://AzureADTokenExchangeUSGov',
    });
    expect(found.ARM_ENVIRONMENT).toBe('usgovernment');
    expect(new URL(String(found.ARM_OIDC_REQUEST_URL)).searchParams.get('audience')).toBe(
      'api://AzureADTokenExchangeUSGov',
    );
    expect(Object.keys(found)).not.toContain('ARM_OIDC_REQUEST_TOKEN');
  });

  it('is told when the token outlives the lifetime that was asked for', async () => {
    expect((await run([granted()], { lifetime: 600 })).grant.warnings.join()).toContain('10m');
    expect((await run([granted()])).grant.warnings).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([7002138, 7002381, 50027, 501661, 700223, 90002, 70011, 500011, 7000112, 53003])(
    'is tried once: AADSTS%d',
    async (code) => {
      const { grant, requests, keep } = await run([refused(code)]);
      expect(requests).toHaveLength(1);
      expect(grant).toMatchObject({
        id: 'azure/refused',
        evidence: { host: 'login.microsoftonline.com', status: 401, code: `AADSTS${code}`, requestId: 't-1' },
      });
      expect(keep.journal).toEqual([]);
    },
  );

  it('keeps what Entra said, without its trace', async () => {
    const { grant } = await run([refused(7002138, { said: 'The subject matches with case-insensitive comparison.' })]);
    expect(grant).toMatchObject({
      evidence: { said: 'AADSTS7002138: The subject matches with case-insensitive comparison.' },
    });
  });

  it.each([70021, 700211, 700212, 700213, 70025, 700016])(
    'that lags behind a correct trust gets one more try after 2 s, with a fresh token: AADSTS%d',
    async (code) => {
      const { grant, tokens, sleeps, forms } = await run([refused(code), granted()]);
      expect(grant.cloud).toBe('azure');
      expect(sleeps).toEqual([2000]);
      expect(tokens.renewals).toEqual([`exchange ${SCOPE}`]);
      expect(forms[0]?.get('client_assertion')).not.toBe(forms[1]?.get('client_assertion'));
      const again = await run([refused(code), refused(code)]);
      expect(again.requests).toHaveLength(2);
      expect(again.grant).toMatchObject({ id: 'azure/refused' });
    },
  );

  it('of an expired identity renews it once, at once', async () => {
    const { grant, tokens, sleeps } = await run([refused(700024), granted()]);
    expect(grant.cloud).toBe('azure');
    expect(tokens.renewals).toHaveLength(1);
    expect(sleeps).toEqual([]);
    expect((await run([refused(700024), refused(700024)])).requests).toHaveLength(2);
  });

  it.each([
    ['a reset', new NetworkFault('ECONNRESET', 'h', true)],
    ['500', answer(500, LOGIN_PAGE)],
    ['503', answer(503)],
    ['429', answer(429, '', { 'retry-after': '1' })],
    ['temporarily_unavailable', refused(90033, { status: 400, error: 'temporarily_unavailable' })],
  ])('that passes is tried again: %s', async (_, reply) => {
    const { grant, requests, tokens } = await run([reply, granted()]);
    expect(requests).toHaveLength(2);
    expect(tokens.renewals).toEqual([]);
    expect(grant.cloud).toBe('azure');
  });

  it('by the network names the host', async () => {
    const { grant } = await run([new NetworkFault('CERT_HAS_EXPIRED', 'login.microsoftonline.com', false)]);
    expect(grant).toMatchObject({ id: 'azure/unreachable', evidence: { code: 'CERT_HAS_EXPIRED' } });
  });
});

describe('an answer that is no token', () => {
  it.each<[string, Reply]>([
    ['a login page with 200', answer(200, LOGIN_PAGE, { 'content-type': 'text/html' })],
    ['a login page with 403', answer(403, LOGIN_PAGE)],
    ['nothing', answer(200)],
    ['a list', answer(200, '[]')],
    ['no access token', granted({ access_token: undefined })],
    ['an empty access token', granted({ access_token: '' })],
    ['a token that is a number', granted({ access_token: 7 })],
    ['no end', granted({ expires_in: undefined })],
    ['an end that is no number', granted({ expires_in: 'soon' })],
    ['a line end in the token', granted({ access_token: `${TOKEN}\nAWS_PROFILE=x` })],
    ['a control character in the token', granted({ access_token: `${TOKEN}\u0007` })],
    ['an error without a name', answer(400, { message: 'no' })],
  ])('is refused: %s', async (_, reply) => {
    const { grant, keep } = await run([reply]);
    expect(grant).toMatchObject({ id: 'azure/bad-answer' });
    expect(keep.debts).toEqual([]);
  });

  it.each([500, 503, 429])('that says nothing with %d is told as one that is down', async (status) => {
    const down = Array.from({ length: 9 }, () => answer(status, LOGIN_PAGE));
    const { grant } = await run(down);
    expect(grant).toMatchObject({ id: 'azure/unavailable', evidence: { status } });
  });

  it('has its token masked all the same', async () => {
    const { keep } = await run([granted({ access_token: `${TOKEN}\nx` })]);
    expect(keep.masked).toEqual([`${TOKEN}\nx`]);
  });
});

describe('time', () => {
  it('is what Entra said, from now on', async () => {
    const { grant } = await run([granted()]);
    expect(grant.credentials?.[0]?.expiresAt).toBe(START + 3_599_000);
  });

  const FILE = START + 300_000;
  it.each<[string, Partial<AzureRequest>, number | undefined]>([
    ['the token file, which ends with the identity token in it', {}, FILE],
    ['the token file, though outputs live longer', { outputs: true }, FILE],
    ['the outputs alone', { consumers: ['terraform'], outputs: true }, START + 3_599_000],
    ["nothing that ends: Terraform's providers renew for themselves", { consumers: ['terraform'] }, undefined],
  ])('is told of what later steps were given: %s', async (_, changes, end) => {
    expect((await run([granted()], changes)).grant.expiresAt).toBe(end);
  });

  it('of several scopes is the earliest', async () => {
    const two = { scopes: [SCOPE, KEY_VAULT], consumers: ['terraform'], outputs: true } as const;
    const { grant } = await run([granted(), granted({ expires_in: 600 })], two);
    expect(grant.expiresAt).toBe(START + 600_000);
  });
});
