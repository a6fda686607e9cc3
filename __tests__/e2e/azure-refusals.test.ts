// How Entra refuses, one cause at a time, on the built action: asked as often as the rules say, told by its id, and nothing is left of it.

import { type Refusal, refused, traceOf } from '../../sandbox/azure/refusal.ts';
import { defaultAzureTrust, type FederatedCredential, type WorkloadIdentity } from '../../sandbox/azure/trust.ts';
import type { Reply } from '../../sandbox/service.ts';
import type { World } from '../../sandbox/world.ts';
import { AZURE, play, useWorld } from './scenario.ts';

const ENTRA = 'login.microsoftonline.com';
const NOBODY = '99999999-9999-4999-8999-999999999999';

let world: World;
useWorld((started) => {
  world = started;
});

interface Row {
  /** Inputs beside those of the default identity. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** What is different about the identity; or about its one federated credential. */
  readonly identity?: Partial<WorkloadIdentity>;
  readonly credential?: Partial<Extract<FederatedCredential, { subject: string }>>;
  /** Entra's answer, where no document leads to it. */
  readonly answer?: Reply;
  readonly id: string;
  /** Behind `AADSTS`, as it must stand in the log. */
  readonly code?: number;
  /** Requests to the token endpoint: 2 for what lags behind a correct trust. */
  readonly asked: 1 | 2;
}

const says = (code: number, text: string, error: Refusal['error'] = 'invalid_client') =>
  refused({ code, error, text }, traceOf(undefined, Date.UTC(2026, 10, 25)), ENTRA);
const page: Reply = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html>Sign in to the guest network</html>',
};

const ROWS: readonly (readonly [name: string, row: Row])[] = [
  ['the application is switched off', { identity: { disabled: true }, id: 'azure/disabled', code: 7000112, asked: 1 }],
  [
    'a managed identity that is switched off',
    {
      identity: { kind: 'managed identity', disabled: true } as Partial<WorkloadIdentity>,
      id: 'azure/disabled',
      code: 7000112,
      asked: 1,
    },
  ],
  [
    'no federated credential',
    { identity: { federatedCredentials: [] }, id: 'azure/no-federated-credential', code: 70025, asked: 2 },
  ],
  [
    'the credential is for another branch',
    {
      credential: { subject: 'repo:octo-org/octo-repo:ref:refs/heads/release' },
      id: 'azure/subject-refused',
      code: 700213,
      asked: 2,
    },
  ],
  [
    'the credential is for an environment',
    {
      credential: { subject: 'repo:octo-org/octo-repo:environment:production' },
      id: 'azure/subject-refused',
      code: 700213,
      asked: 2,
    },
  ],
  [
    'the credential has the immutable subject',
    {
      credential: { subject: 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main' },
      id: 'azure/subject-refused',
      code: 700213,
      asked: 2,
    },
  ],
  [
    'the credential has a pattern, which is compared as characters',
    { credential: { subject: 'repo:octo-org/octo-repo:*' }, id: 'azure/subject-refused', code: 700213, asked: 2 },
  ],
  [
    'a flexible credential whose expression is not met',
    {
      identity: {
        federatedCredentials: [
          {
            name: 'flexible',
            issuer: 'https://token.actions.githubusercontent.com',
            audiences: ['api://AzureADTokenExchange'],
            claimsMatchingExpression: {
              value: "claims['sub'] eq 'repo:octo-org/other:ref:refs/heads/main'",
              languageVersion: 1,
            },
          },
        ],
      },
      id: 'azure/subject-refused',
      code: 700213,
      asked: 2,
    },
  ],
  [
    'the subject in another case',
    {
      credential: { subject: 'repo:Octo-Org/octo-repo:ref:refs/heads/main' },
      id: 'azure/subject-case',
      code: 7002138,
      asked: 1,
    },
  ],
  [
    'the issuer with a slash at its end',
    {
      credential: { issuer: 'https://token.actions.githubusercontent.com/' },
      id: 'azure/issuer-refused',
      code: 700211,
      asked: 2,
    },
  ],
  [
    "the issuer of an enterprise of one's own",
    {
      credential: { issuer: 'https://token.actions.githubusercontent.com/octo' },
      id: 'azure/issuer-refused',
      code: 700211,
      asked: 2,
    },
  ],
  [
    "the credential has another cloud's audience",
    {
      credential: { audiences: ['api://AzureADTokenExchangeUSGov'] },
      id: 'azure/audience-refused',
      code: 700212,
      asked: 2,
    },
  ],
  [
    'azure-audience is none of its audiences',
    { inputs: { 'azure-audience': 'api://other' }, id: 'azure/audience-refused', code: 700212, asked: 2 },
  ],
  [
    'no such application',
    { inputs: { 'azure-client-id': NOBODY }, id: 'azure/unknown-client', code: 700016, asked: 2 },
  ],
  ['no such tenant', { inputs: { 'azure-tenant-id': NOBODY }, id: 'azure/unknown-tenant', code: 90002, asked: 1 }],
  [
    'no such domain',
    { inputs: { 'azure-tenant-id': 'nobody.example.com' }, id: 'azure/unknown-tenant', code: 90002, asked: 1 },
  ],
  [
    'a tenant of another cloud: US government',
    { inputs: { 'azure-cloud': 'usgovernment' }, id: 'azure/unknown-tenant', code: 90002, asked: 1 },
  ],
  [
    'a tenant of another cloud: China',
    { inputs: { 'azure-cloud': 'china' }, id: 'azure/unknown-tenant', code: 90002, asked: 1 },
  ],
  [
    'a resource that the tenant does not know',
    {
      inputs: { 'azure-scopes': 'https://nothing.example.com/.default' },
      id: 'azure/scope-refused',
      code: 500011,
      asked: 1,
    },
  ],
  [
    "another cloud's key vaults",
    {
      inputs: { 'azure-scopes': 'https://vault.azure.cn/.default' },
      id: 'azure/scope-refused',
      code: 500011,
      asked: 1,
    },
  ],
  [
    'a resource by an unknown application id',
    { inputs: { 'azure-scopes': `${NOBODY}/.default` }, id: 'azure/scope-refused', code: 500011, asked: 1 },
  ],
  [
    'no service principal',
    {
      answer: says(7000229, 'The client application is missing service principal in the tenant.'),
      id: 'azure/no-service-principal',
      code: 7000229,
      asked: 1,
    },
  ],
  [
    'the enterprise claim',
    {
      answer: says(7002381, "The token must contain the enterprise claim with value 'octo' but actual value is ''."),
      id: 'azure/enterprise-claim',
      code: 7002381,
      asked: 1,
    },
  ],
  [
    'no federation in this tenant',
    { answer: says(700223, 'Federation is disabled.'), id: 'azure/federation-disabled', code: 700223, asked: 1 },
  ],
  [
    'the issuer is out of reach',
    {
      answer: says(501661, 'Request to External OIDC endpoint failed.', 'invalid_request'),
      id: 'azure/keys-unreachable',
      code: 501661,
      asked: 1,
    },
  ],
  [
    'the token is too long-lived',
    {
      answer: says(70023, "Client assertion's lifetime exceeds the maximum of 1.01:00:00."),
      id: 'azure/token-refused',
      code: 70023,
      asked: 1,
    },
  ],
  [
    'the token is malformed',
    {
      answer: says(50027, 'JWT token is invalid or malformed.', 'invalid_request'),
      id: 'azure/token-refused',
      code: 50027,
      asked: 1,
    },
  ],
  [
    'the signature does not fit',
    {
      answer: says(700027, 'Client assertion failed signature validation.'),
      id: 'azure/token-refused',
      code: 700027,
      asked: 1,
    },
  ],
  [
    'the token is outside its time',
    {
      answer: says(700024, 'Client assertion is not within its valid time range.'),
      id: 'azure/token-expired',
      code: 700024,
      asked: 2,
    },
  ],
  [
    'an older text for any mismatch',
    {
      answer: says(70021, 'No matching federated identity record found.'),
      id: 'azure/trust-refused',
      code: 70021,
      asked: 2,
    },
  ],
  [
    'conditional access',
    {
      answer: says(53003, 'Access has been blocked by Conditional Access policies.', 'invalid_request'),
      id: 'azure/blocked',
      code: 53003,
      asked: 1,
    },
  ],
  [
    'a number that nobody knows',
    { answer: says(999999, 'Something new.'), id: 'azure/refused', code: 999999, asked: 1 },
  ],
  ['a login page in the place of Entra', { answer: page, id: 'azure/bad-answer', asked: 1 }],
];

function worldOf({ identity, credential }: Row): void {
  const tenants = defaultAzureTrust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((known) => ({
      ...known,
      federatedCredentials: known.federatedCredentials.map((c) => ({ ...c, ...credential })),
      ...identity,
    })),
  }));
  Object.assign(world.trust, { azure: { tenants } });
}

it('are at least twenty-five', () => expect(ROWS.length).toBeGreaterThanOrEqual(25));

describe.each(ROWS)('%s', (_, row) => {
  it(`is told as ${row.id}`, async () => {
    worldOf(row);
    const answers = { kind: 'status', service: 'azure', operation: 'token', times: Number.POSITIVE_INFINITY } as const;
    if (row.answer) world.faults.push({ ...answers, reply: row.answer });
    const before = world.ledger.all('azure').length;
    const { result, main, post, log } = await play(world, { with: { ...AZURE, ...row.inputs } });
    expect(result.result).toBe('failure');
    expect(main.annotations.filter((a) => a.level === 'error').map((a) => a.message)).toEqual([
      expect.stringContaining(`[${row.id}] `),
    ]);
    if (row.code) expect(log).toContain(`AADSTS${row.code}`);
    const asked = world.traffic.filter((t) => t.service === 'azure');
    expect(asked.map((t) => t.operation)).toEqual(Array.from({ length: row.asked }, () => 'token'));
    // A second try has a token of its own.
    const assertions = asked.map((t) => new URLSearchParams(t.call.body).get('client_assertion'));
    expect(new Set(assertions).size).toBe(row.asked);
    expect([main.exported, main.outputs]).toEqual([{}, { federated: 'false' }]);
    expect(world.ledger.all('azure')).toHaveLength(before);
    expect([post?.conclusion, post?.annotations]).toEqual(['success', []]);
  });
});

it('one of two scopes is refused: the other is of no use to anybody', async () => {
  const scopes = 'https://management.azure.com/.default, https://nothing.example.com/.default';
  const { main, log } = await play(world, { with: { ...AZURE, 'azure-scopes': scopes, 'output-credentials': 'true' } });
  expect([main.exported, main.outputs]).toEqual([{}, { federated: 'false' }]);
  expect(log).toContain('AADSTS500011');
});

it('a trust that becomes right meanwhile: the second try gets in', async () => {
  const answer = says(700213, 'No matching federated identity record found for presented assertion subject.');
  world.faults.push({ kind: 'status', service: 'azure', operation: 'token', reply: answer });
  const { result } = await play(world, { with: AZURE });
  expect(result.result).toBe('success');
  expect(world.traffic.filter((t) => t.operation === 'idtoken')).toHaveLength(3);
});
