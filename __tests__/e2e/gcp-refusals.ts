// How Google comes to refuse a job, at each of its doors, and what the action says then.
import {
  defaultGcpTrust,
  type GcpTrust,
  type Pool,
  type Project,
  type Provider,
  type ServiceAccount,
} from '../../sandbox/gcp/trust.ts';
import { GCP, GCP_DIRECT } from './scenario.ts';

type Inputs = Readonly<Record<string, string>>;

const project = (change: (project: Project) => Partial<Project>): GcpTrust => ({
  ...defaultGcpTrust,
  projects: defaultGcpTrust.projects.map((p) => ({ ...p, ...change(p) })),
});
const pool = (change: Partial<Pool>) => project(({ pools }) => ({ pools: pools.map((p) => ({ ...p, ...change })) }));
const provider = (change: Partial<Provider>) =>
  project(({ pools }) => ({
    pools: pools.map((p) => ({ ...p, providers: p.providers.map((q) => ({ ...q, ...change })) })),
  }));
const account = (name: string, change: Partial<ServiceAccount>) =>
  project(({ serviceAccounts }) => ({
    serviceAccounts: serviceAccounts.map((a) => (a.email.startsWith(`${name}@`) ? { ...a, ...change } : a)),
  }));
const mapping = (subject: string) =>
  provider({ attributeMapping: { 'google.subject': subject, 'attribute.repository_id': 'assertion.repository_id' } });

const address = (name: string) => `${name}@octo-project.iam.gserviceaccount.com`;
const NO_FILE = { 'gcp-create-credentials-file': 'false', 'output-credentials': 'gcp' };
const ID = { 'gcp-token-format': 'id-token', 'gcp-id-token-audience': 'https://octo-service.run.app' };
const CHAIN = { ...GCP, ...NO_FILE, 'gcp-service-account': address('release'), 'gcp-delegates': address('relay') };
const USERS = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
const AS_USER = {
  ...GCP,
  ...NO_FILE,
  'gcp-service-account': address('directory'),
  'gcp-subject': 'admin@octo.example.com',
  'gcp-scopes': USERS,
};
const WORKLOAD_USER = 'roles/iam.workloadIdentityUser';
const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';
const POOL = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github';
const JOB = `principalSet://${POOL}/attribute.repository_id/1296269`;
const renamed = (from: string, to: string) => ({
  ...GCP,
  'gcp-workload-identity-provider': GCP['gcp-workload-identity-provider'].replace(from, to),
});

export interface Refusal {
  readonly inputs: Inputs;
  readonly trust?: GcpTrust;
  /** The operation that is refused. */
  readonly at: 'token' | 'generateAccessToken' | 'generateIdToken' | 'signJwt';
  readonly id: string;
  /** The authority's status and code. */
  readonly evidence: string;
  readonly says: string | RegExp;
  /** How often it is asked; once unless said. */
  readonly tries?: number;
}

const STS: Readonly<Record<string, Refusal>> = {
  'a provider that is not there': {
    inputs: renamed('octo-org', 'octo-old'),
    at: 'token',
    id: 'gcp/provider-not-found',
    evidence: 'invalid_target',
    says: 'gcloud iam workload-identity-pools providers describe',
  },
  'a pool that is not there': {
    inputs: renamed('/github/', '/gitlab/'),
    at: 'token',
    id: 'gcp/provider-not-found',
    evidence: 'invalid_target',
    says: 'in a pool that is',
  },
  "another project's number": {
    inputs: renamed('123456789012', '210987654321'),
    at: 'token',
    id: 'gcp/provider-not-found',
    evidence: 'invalid_target',
    says: "the project's number",
  },
  'a disabled provider': {
    inputs: GCP,
    trust: provider({ disabled: true }),
    at: 'token',
    id: 'gcp/provider-not-found',
    evidence: 'invalid_target',
    says: 'disabled',
  },
  'a disabled pool': {
    inputs: GCP_DIRECT,
    trust: pool({ disabled: true }),
    at: 'token',
    id: 'gcp/provider-not-found',
    evidence: 'invalid_target',
    says: 'disabled',
  },
  "another owner's id in the condition": {
    inputs: GCP,
    trust: provider({ attributeCondition: "assertion.repository_owner_id == '1'" }),
    at: 'token',
    id: 'gcp/condition-false',
    evidence: 'unauthorized_client',
    says: 'repository_owner_id',
  },
  'an id that is compared as a number': {
    inputs: GCP,
    trust: provider({ attributeCondition: 'assertion.repository_id == 1296269' }),
    at: 'token',
    id: 'gcp/condition-false',
    evidence: 'unauthorized_client',
    says: 'ids are texts',
  },
  'the owner in the wrong case': {
    inputs: GCP,
    trust: provider({ attributeCondition: "assertion.repository_owner == 'Octo-Org'" }),
    at: 'token',
    id: 'gcp/condition-false',
    evidence: 'unauthorized_client',
    says: 'upper and lower case',
  },
  'a condition on an environment that the job has not': {
    inputs: GCP_DIRECT,
    trust: provider({ attributeCondition: "assertion.environment == 'production'" }),
    at: 'token',
    id: 'gcp/condition-false',
    evidence: 'unauthorized_client',
    says: 'assertion.environment',
  },
  'a subject that is mapped to more than 127 bytes': {
    inputs: GCP,
    trust: mapping(`assertion.sub + '${'x'.repeat(120)}'`),
    at: 'token',
    id: 'gcp/subject-too-long',
    evidence: 'invalid_request',
    says: '127 bytes',
  },
  'a mapping of a claim that the token has not': {
    inputs: GCP,
    trust: mapping('assertion.environment'),
    at: 'token',
    id: 'gcp/mapping-failed',
    evidence: 'invalid_request',
    says: 'attributeMapping',
  },
  'a provider for another issuer': {
    inputs: GCP,
    trust: provider({ issuer: 'https://github.octo.example/_services/token' }),
    at: 'token',
    id: 'gcp/issuer-refused',
    evidence: 'invalid_grant',
    says: 'https://token.actions.githubusercontent.com',
  },
  'an audience that the provider does not allow': {
    inputs: GCP,
    trust: provider({ allowedAudiences: ['https://octo.example.com'] }),
    at: 'token',
    id: 'gcp/audience-refused',
    evidence: 'invalid_grant',
    says: 'oidc.allowedAudiences',
  },
  'an audience of the user, where the default is expected': {
    inputs: { ...GCP_DIRECT, 'gcp-audience': 'https://octo.example.com' },
    at: 'token',
    id: 'gcp/audience-refused',
    evidence: 'invalid_grant',
    says: 'Leave gcp-audience out',
  },
  'a scope that Google does not know': {
    inputs: { ...GCP_DIRECT, 'gcp-scopes': 'https://www.googleapis.com/auth/9lives' },
    at: 'token',
    id: 'gcp/scope-refused',
    evidence: 'invalid_scope',
    says: 'gcp-scopes',
  },
};

const IAM: Readonly<Record<string, Refusal>> = {
  'no binding on the account': {
    inputs: GCP,
    trust: account('deploy', { bindings: [] }),
    at: 'generateAccessToken',
    id: 'gcp/impersonation-denied',
    evidence: 'PERMISSION_DENIED',
    says: `add-iam-policy-binding '${address('deploy')}'`,
  },
  "a binding for another repository's id": {
    inputs: GCP,
    trust: account('deploy', { bindings: [{ role: WORKLOAD_USER, members: [JOB.replace('1296269', '7')] }] }),
    at: 'generateAccessToken',
    id: 'gcp/impersonation-denied',
    evidence: 'PERMISSION_DENIED',
    says: 'attribute.repository_id/1296269',
  },
  "a binding that names the project's id": {
    inputs: GCP,
    trust: account('deploy', { bindings: [{ role: WORKLOAD_USER, members: [JOB.replace('123456789012', 'octo')] }] }),
    at: 'generateAccessToken',
    id: 'gcp/impersonation-denied',
    evidence: 'PERMISSION_DENIED',
    says: 'names the project by its id',
  },
  'an account that is not there': {
    inputs: { ...GCP, 'gcp-service-account': address('nobody') },
    at: 'generateAccessToken',
    id: 'gcp/account-not-found',
    evidence: '404',
    says: 'gcloud iam service-accounts list',
  },
  'an account that is switched off': {
    inputs: GCP,
    trust: account('deploy', { disabled: true }),
    at: 'generateAccessToken',
    id: 'gcp/account-disabled',
    evidence: 'FAILED_PRECONDITION',
    says: 'gcloud iam service-accounts enable',
  },
  'an API that is off': {
    inputs: GCP,
    trust: project(() => ({ disabledServices: ['iamcredentials.googleapis.com'] })),
    at: 'generateAccessToken',
    id: 'gcp/api-disabled',
    evidence: 'PERMISSION_DENIED',
    says: 'gcloud services enable iamcredentials.googleapis.com',
  },
  'more than an hour, without the policy of the organisation': {
    inputs: { ...GCP, 'gcp-token-lifetime': '2h' },
    at: 'generateAccessToken',
    id: 'gcp/lifetime-refused',
    evidence: 'INVALID_ARGUMENT',
    says: 'constraints/iam.allowServiceAccountCredentialLifetimeExtension',
  },
  'a scope that IAM does not know': {
    inputs: { ...GCP, 'gcp-scopes': 'https://www.googleapis.com/auth/9lives' },
    at: 'generateAccessToken',
    id: 'gcp/request-refused',
    evidence: 'INVALID_ARGUMENT',
    says: 'gcp-scopes',
  },
  'an ID token without the role for it': {
    inputs: { ...GCP, ...NO_FILE, ...ID },
    trust: account('deploy', { bindings: [] }),
    at: 'generateIdToken',
    id: 'gcp/id-token-denied',
    evidence: 'PERMISSION_DENIED',
    says: 'roles/iam.serviceAccountOpenIdTokenCreator',
  },
  'an ID token, and an access token that the role does not carry': {
    inputs: { ...GCP, ...ID, 'output-credentials': 'gcp' },
    trust: account('deploy', { bindings: [{ role: 'roles/iam.serviceAccountOpenIdTokenCreator', members: [JOB] }] }),
    at: 'generateAccessToken',
    id: 'gcp/impersonation-denied',
    evidence: 'PERMISSION_DENIED',
    says: WORKLOAD_USER,
  },
  'a chain that the job may not begin': {
    inputs: CHAIN,
    trust: account('relay', { bindings: [{ role: WORKLOAD_USER, members: [JOB] }] }),
    at: 'generateAccessToken',
    id: 'gcp/delegates-denied',
    evidence: 'PERMISSION_DENIED',
    says: `${address('relay')} > ${address('release')}`,
  },
  'a chain whose last link is missing': {
    inputs: CHAIN,
    trust: account('release', { bindings: [] }),
    at: 'generateAccessToken',
    id: 'gcp/delegates-denied',
    evidence: 'PERMISSION_DENIED',
    says: `--member='serviceAccount:${address('relay')}'`,
  },
  'a delegate that is not there': {
    inputs: { ...CHAIN, 'gcp-delegates': address('nobody') },
    at: 'generateAccessToken',
    id: 'gcp/account-not-found',
    evidence: '404',
    says: 'gcp-delegates',
  },
};

const OAUTH: Readonly<Record<string, Refusal>> = {
  'a signature without the role for it': {
    inputs: AS_USER,
    trust: account('directory', { bindings: [{ role: WORKLOAD_USER, members: [JOB] }] }),
    at: 'signJwt',
    id: 'gcp/signing-denied',
    evidence: 'PERMISSION_DENIED',
    says: TOKEN_CREATOR,
  },
  'an account without domain-wide delegation': {
    inputs: AS_USER,
    trust: account('directory', { domainWideScopes: [] }),
    at: 'token',
    id: 'gcp/delegation-missing',
    evidence: 'unauthorized_client',
    says: 'Domain-wide delegation',
    tries: 2, // STS's operation has the same name
  },
  'a scope beside those of the delegation': {
    inputs: { ...AS_USER, 'gcp-scopes': `${USERS}, https://www.googleapis.com/auth/cloud-platform` },
    at: 'token',
    id: 'gcp/delegation-missing',
    evidence: 'unauthorized_client',
    says: 'refuses all of them',
    tries: 2,
  },
  'a user whom nobody knows': {
    inputs: { ...AS_USER, 'gcp-subject': 'nobody@octo.example.com' },
    at: 'token',
    id: 'gcp/subject-unknown',
    evidence: 'invalid_grant',
    says: 'gcp-subject',
    tries: 2,
  },
};

export const REFUSALS: readonly (readonly [name: string, Refusal])[] = [STS, IAM, OAUTH].flatMap((table) =>
  Object.entries(table),
);
