import type { Claims } from '../../../src/core/claims.ts';
import { Failure } from '../../../src/core/failure.ts';
import { advise, TRUST_IDS } from '../../../src/providers/gcp/advice.ts';
import type { GcpRequest } from '../../../src/providers/gcp/request.ts';
import { trust } from '../../../src/providers/gcp/trust.ts';
import { staysTame } from '../../literals/advice-law.ts';
import { BRANCH, ENVIRONMENT, IMMUTABLE, PULL_REQUEST } from '../../literals/presented.ts';

const REQUEST: GcpRequest = {
  provider: 'projects/123456789/locations/global/workloadIdentityPools/ci-pool/providers/github',
  serviceAccount: 'deploy@my-project.iam.gserviceaccount.com',
  projectId: 'my-project',
  audience:
    'https://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/ci-pool/providers/github',
  universe: 'googleapis.com',
  delegates: [],
  accessToken: true,
  tokenUndelivered: false,
  scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  tokenLifetime: 7200,
  credentialsFile: true,
};
const advised = (from: string, evidence: object, claims: Claims = BRANCH, request = REQUEST) =>
  advise(new Failure(from, 'refused', evidence), request, claims);
const CHAINED: GcpRequest = {
  ...REQUEST,
  delegates: ['one@p.iam.gserviceaccount.com', 'two@p.iam.gserviceaccount.com'],
};
const OAUTH = 'gcp/delegation-refused';
const denied = (permission: string) => `Permission '${permission}' denied on resource (or it may not exist).`;
const STS = 'gcp/refused';
const IAM = 'gcp/impersonation-refused';
const FALSE = { code: 'unauthorized_client', said: 'The given credential is rejected by the attribute condition.' };
const DENIED = {
  code: 'PERMISSION_DENIED',
  status: 403,
  said: "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
};
const LONG =
  'The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify your attribute mapping or the incoming assertion to produce a mapped attribute that is less than 127 bytes.';

describe("Google's refusals", () => {
  it.each([
    [
      STS,
      'invalid_target',
      'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
      'gcp/provider-not-found',
    ],
    [
      STS,
      'invalid_request',
      'Invalid value for "audience". This value should be the full resource name of the Identity Provider.',
      'gcp/provider-refused',
    ],
    [STS, FALSE.code, FALSE.said, 'gcp/condition-false'],
    [STS, 'invalid_request', LONG, 'gcp/subject-too-long'],
    [
      STS,
      'invalid_grant',
      'The issuer in ID Token https://github.example.net/_services/token does not match the expected ones: https://token.actions.githubusercontent.com/',
      'gcp/issuer-refused',
    ],
    [
      STS,
      'invalid_grant',
      'The audience in ID Token [x] does not match the expected audience.',
      'gcp/audience-refused',
    ],
    [STS, 'invalid_grant', 'ID Token issued at 1700000000 is stale to sign-in.', 'gcp/stale'],
    [STS, 'invalid_grant', "Error connecting to the given credential's issuer.", 'gcp/keys-unreachable'],
    [STS, 'invalid_grant', 'Unable to verify the ID Token signature.', 'gcp/token-refused'],
    [STS, 'invalid_scope', 'Some requested scopes were invalid.', 'gcp/scope-refused'],
    [IAM, DENIED.code, DENIED.said, 'gcp/impersonation-denied'],
    [
      IAM,
      'PERMISSION_DENIED',
      'IAM Service Account Credentials API has not been used in project 123 before or it is disabled.',
      'gcp/api-disabled',
    ],
    [
      IAM,
      'INVALID_ARGUMENT',
      'Access tokens for service account X can not have lifetimes of more than 1 hour. Use the Org Policy Constraint constraints/iam.allowServiceAccountCredentialLifetimeExtension to allow up to 12 hours.',
      'gcp/lifetime-refused',
    ],
    [IAM, 'INVALID_ARGUMENT', 'Request contains an invalid argument.', 'gcp/request-refused'],
    [IAM, 'PERMISSION_DENIED', denied('iam.serviceAccounts.getOpenIdToken'), 'gcp/id-token-denied'],
    [IAM, 'PERMISSION_DENIED', denied('iam.serviceAccounts.signJwt'), 'gcp/signing-denied'],
    [IAM, 'FAILED_PRECONDITION', 'Service account x@p.iam.gserviceaccount.com is disabled.', 'gcp/account-disabled'],
    [OAUTH, 'unauthorized_client', 'Client is unauthorized to retrieve access tokens.', 'gcp/delegation-missing'],
    [OAUTH, 'invalid_grant', 'Invalid email or User ID', 'gcp/subject-unknown'],
    [OAUTH, 'invalid_grant', 'Not a valid email or user ID.', 'gcp/subject-unknown'],
    [OAUTH, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes)', 'gcp/assertion-stale'],
    [OAUTH, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.', 'gcp/scope-refused'],
    [IAM, 'FAILED_PRECONDITION', "Org Policy violated for value: 'x'.", 'gcp/org-policy'],
    [IAM, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', 'gcp/federated-token-refused'],
  ])('%s %s "%s" is %s', (from, code, said, id) => {
    const failure = advised(from, { code, said });
    expect(failure.id).toBe(id);
    expect(failure.fixes.length).toBeGreaterThan(0);
  });

  it('name an account that is not there', () => {
    const failure = advised(IAM, { code: 'NOT_FOUND', status: 404, said: 'Not found; Gaia id not found for email x' });
    expect(failure.id).toBe('gcp/account-not-found');
    expect(failure.message).toContain('deploy@my-project.iam.gserviceaccount.com');
  });

  it.each([
    ['implicitDelegation', 'one account in it'],
    ['getAccessToken', 'two@p.iam.gserviceaccount.com may not act'],
    ['getOpenIdToken', 'two@p.iam.gserviceaccount.com may not act'],
    ['signJwt', 'two@p.iam.gserviceaccount.com may not act'],
  ])('name the link of a chain that is missing: %s', (permission, words) => {
    const evidence = { code: 'PERMISSION_DENIED', said: denied(`iam.serviceAccounts.${permission}`) };
    const failure = advised(IAM, evidence, BRANCH, CHAINED);
    expect(failure.id).toBe('gcp/delegates-denied');
    expect(failure.message).toContain('this job > one@p.iam.gserviceaccount.com > two@p.iam');
    expect(failure.message).toContain(words);
  });

  it('name every account of a chain, where one is not there', () => {
    const failure = advised(IAM, { code: 'NOT_FOUND', status: 404 }, BRANCH, CHAINED);
    expect(failure.message).toMatch(/one@p.*, two@p.*, deploy@my-project/);
  });

  it('do not read the one service with the texts of the other', () => {
    expect(advised(STS, DENIED).id).toBe(STS);
    expect(advised(IAM, { code: 'invalid_target', said: '' }).id).toBe(IAM);
  });

  it('keep what it does not know, and gain a general fix', () => {
    expect(advised(STS, { code: 'something_new' })).toMatchObject({ id: STS, fixes: [expect.any(String)] });
  });

  it('leave other failures as they are', () => {
    const failure = new Failure('gcp/unreachable', 'm', { said: 'stale' }, ['its own fix']);
    expect(advise(failure, REQUEST, BRANCH)).toBe(failure);
  });

  it('count the bytes of the subject', () => {
    expect(advised(STS, { code: 'invalid_request', said: LONG }).message).toContain("the token's subject has 43");
  });
});

describe('a condition that is false', () => {
  const first = (claims: Claims) => advised(STS, FALSE, claims).fixes[1];

  it.each([
    ['the immutable subject', IMMUTABLE, 'classic form'],
    ['a pull request', PULL_REQUEST, 'refs/pull/7/merge'],
    ['names, for a branch', BRANCH, 'octo-org/octo-repo'],
  ])('is first of all explained by %s', (_, claims, words) => expect(first(claims)).toContain(words));

  it('speaks of the environment before the branch where the job has none', () => {
    const position = (claims: Claims, words: string) =>
      advised(STS, FALSE, claims).fixes.findIndex((fix) => fix.includes(words));
    expect(position(BRANCH, 'assertion.environment')).toBeLessThan(position(BRANCH, 'another branch'));
    expect(position(ENVIRONMENT, 'assertion.environment')).toBeGreaterThan(position(ENVIRONMENT, 'another branch'));
  });

  it('says how to see it', () => {
    expect(advised(STS, FALSE).fixes[0]).toContain(`providers describe ${REQUEST.provider}`);
  });
});

describe('an impersonation that is denied', () => {
  it('says that the account may not exist, and that the token was accepted', () => {
    const failure = advised(IAM, DENIED);
    expect(failure.message).toContain('there is no such account');
    expect(failure.message).toContain('did accept the token');
    expect(failure.fixes.join()).toContain('There is no service account');
  });

  it('begins with the old form of a principal for an immutable subject', () => {
    expect(advised(IAM, DENIED, IMMUTABLE).fixes[1]).toContain('classic form');
    expect(advised(IAM, DENIED, BRANCH).fixes[1]).toContain('roles/iam.workloadIdentityUser');
  });
});

it.each([
  ['gcp/condition-false', true],
  ['gcp/impersonation-denied', true],
  ['gcp/delegates-denied', true],
  ['gcp/signing-denied', true],
  ['gcp/id-token-denied', true],
  ['gcp/delegation-missing', false],
  ['gcp/api-disabled', false],
  ['gcp/lifetime-refused', false],
  ['gcp/account-not-found', false],
])('%s is mended by another trust: %s', (id, expected) => expect(TRUST_IDS.has(id)).toBe(expected));

it('holds no command and no token, whatever was planted', () => {
  staysTame({ advise, trust, TRUST_IDS }, REQUEST, [
    { id: STS, ...FALSE },
    { id: STS, code: 'invalid_grant', said: 'The issuer in ID Token' },
    { id: STS, code: 'invalid_request', said: LONG },
    { id: IAM, ...DENIED },
    { id: IAM, code: 'NEW' },
  ]);
  staysTame({ advise, trust, TRUST_IDS }, { ...CHAINED, subject: 'admin@octo.example.com' }, [
    { id: IAM, ...DENIED },
    { id: OAUTH, code: 'unauthorized_client' },
  ]);
});
