// What the rules of advice say, of jobs and inputs such as everybody has: the page is the rules' own words.
import { type Facts, type Rule, wordsOf } from '../../src/core/advice.ts';
import type { Checked } from '../../src/core/checked.ts';
import type { Claims } from '../../src/core/claims.ts';
import { Failure } from '../../src/core/failure.ts';
import { type InputTable, readTable, type Values } from '../../src/core/input.ts';
import { EXPLANATIONS } from '../../src/core/missing-token.ts';
import type { Terms } from '../../src/core/provider.ts';
import { RULES as AWS } from '../../src/providers/aws/advice.ts';
import { awsInputs } from '../../src/providers/aws/inputs.ts';
import { checkAws } from '../../src/providers/aws/request.ts';
import { RULES as AZURE } from '../../src/providers/azure/advice.ts';
import { azureInputs } from '../../src/providers/azure/inputs.ts';
import { checkAzure } from '../../src/providers/azure/request.ts';
import { RULES as GCP } from '../../src/providers/gcp/advice.ts';
import { gcpInputs } from '../../src/providers/gcp/inputs.ts';
import { checkGcp } from '../../src/providers/gcp/request.ts';
import { RULES as VAULT } from '../../src/providers/vault/advice.ts';
import { vaultInputs } from '../../src/providers/vault/inputs.ts';
import { checkVault } from '../../src/providers/vault/request.ts';
import type { Entry } from './entry.ts';

const TERMS: Terms = { lifetime: 3600, lifetimeGiven: false, revoke: true, outputs: new Set() };
const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';

const BRANCH: Claims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  repository: 'octo-org/octo-repo',
  repository_id: '1296269',
  repository_owner: 'octo-org',
  repository_owner_id: '583231',
  ref: 'refs/heads/main',
  event_name: 'push',
  job_workflow_ref: 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main',
};
/** Jobs whose causes differ (facts: github 2.2); what is said of any of them stands on the page. */
const JOBS: readonly Claims[] = [
  BRANCH,
  { ...BRANCH, sub: 'repo:octo-org/octo-repo:environment:production', environment: 'production' },
  { ...BRANCH, sub: 'repo:octo-org/octo-repo:pull_request', ref: 'refs/pull/7/merge', event_name: 'pull_request' },
  { ...BRANCH, sub: 'repo:octo-org/octo-repo:ref:refs/tags/v1', ref: 'refs/tags/v1' },
  { ...BRANCH, sub: 'repo:octo-org@583231/octo-repo@1296269:ref:refs/heads/main' },
  { ...BRANCH, sub: 'repository_owner:octo-org' },
  { ...BRANCH, job_workflow_ref: 'platform/workflows/.github/workflows/deploy.yml@refs/heads/v1' },
];

/** The request that these inputs make. Throws what is wrong with them. */
function request<Table extends InputTable, Request>(
  table: Table,
  check: (values: Values<Table>, terms: Terms) => Checked<Request>,
  inputs: Readonly<Record<string, string>>,
): Request {
  const values = readTable(table, (name) => inputs[name]);
  const checked = values.ok ? check(values.value, TERMS) : values;
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join('; '));
  return checked.value;
}

function entries<Request>(rules: readonly Rule<Request>[], asked: Request): Entry[] {
  return rules.map((rule) => {
    const [usual, ...others] = JOBS.map((claims) => ({ claims, ...wordsOf(rule, facts(rule, asked, claims)) }));
    return { id: rule.id, cause: usual?.cause ?? '', fixes: usual ? together(usual, others) : [] };
  });
}

interface Said {
  readonly claims: Claims;
  readonly fixes: readonly string[];
}
const POSSIBLE = /^Possible cause \d+ of \d+: /;

/** What is said of the usual job, and behind its causes those that only other jobs have. What differs by a claim alone is said once. */
function together(usual: Said, others: readonly Said[]): string[] {
  const known = new Set(usual.fixes.map((fix) => general(fix, usual.claims)));
  const further = others.flatMap(({ claims, fixes }) =>
    fixes.filter((fix) => !known.has(general(fix, claims)) && known.add(general(fix, claims))),
  );
  const last = usual.fixes.findLastIndex((fix) => POSSIBLE.test(fix)) + 1 || usual.fixes.length;
  const all = [...usual.fixes.slice(0, last), ...further, ...usual.fixes.slice(last)];
  return all.map((fix) => fix.replace(POSSIBLE, 'Perhaps: '));
}

/** A sentence without the claims that it shows. */
function general(fix: string, claims: Claims): string {
  const values = Object.values(claims)
    .map(String)
    .sort((a, b) => b.length - a.length);
  return values
    .reduce((text, value) => text.replaceAll(value, '…'), fix.replace(POSSIBLE, ''))
    .replaceAll('MISSING', '…');
}

/** A failure as the rules of Vault read it: with the path that was refused in its words. */
function facts<Request>(rule: Rule<Request>, asked: Request, claims: Claims): Facts<Request> {
  const failure = new Failure(rule.from ?? rule.id, 'Vault did not give secret/data/app: refused', {
    said: 'claim "environment"',
  });
  return { failure, evidence: failure.evidence, request: asked, claims };
}

/** Entries of all rules, in the order in which these are tried. */
export function fromRules(): Entry[] {
  const aws = { 'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy', 'aws-region': 'eu-west-1' };
  const azure = {
    'azure-client-id': '11111111-1111-4111-8111-111111111111',
    'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
  };
  const gcp = {
    'gcp-workload-identity-provider': PROVIDER,
    'gcp-service-account': 'deploy@octo-project.iam.gserviceaccount.com',
  };
  const vault = {
    'vault-url': 'https://vault.example.com',
    'vault-role': 'ci',
    'vault-secrets': 'secret/data/app password | APP_PASSWORD',
  };
  return [
    ...EXPLANATIONS.map(({ id, cause, fixes }) => ({ id, cause, fixes })),
    ...entries(AWS, request(awsInputs, checkAws, aws)),
    ...entries(AZURE, request(azureInputs, checkAzure, azure)),
    ...entries(GCP, request(gcpInputs, checkGcp, gcp)),
    ...entries(VAULT, request(vaultInputs, checkVault, vault)),
  ];
}
