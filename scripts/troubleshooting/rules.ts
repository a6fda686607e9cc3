// What the rules of advice say, of jobs and inputs such as everybody has: the page is the rules' own words.
import { requests } from '../../matrix/requests.ts';
import { type Facts, type Rule, wordsOf } from '../../src/core/advice.ts';
import type { Claims } from '../../src/core/claims.ts';
import { Failure } from '../../src/core/failure.ts';
import { EXPLANATIONS } from '../../src/core/missing-token.ts';
import { RULES as AWS } from '../../src/providers/aws/advice.ts';
import { RULES as AZURE } from '../../src/providers/azure/advice.ts';
import { RULES as GCP } from '../../src/providers/gcp/advice.ts';
import { RULES as VAULT } from '../../src/providers/vault/advice.ts';
import type { Entry } from './entry.ts';

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
  return [
    ...EXPLANATIONS.map(({ id, cause, fixes }) => ({ id, cause, fixes })),
    ...entries(AWS, requests.aws),
    ...entries(AZURE, requests.azure),
    ...entries(GCP, requests.gcp),
    ...entries(VAULT, requests.vault),
  ];
}
