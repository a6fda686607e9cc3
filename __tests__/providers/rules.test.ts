// A law of all rules of advice, whichever fits: whatever a token claims and an authority answers, no line holds a command of the runner, a token or a secret.
import fc from 'fast-check';
import { requests } from '../../matrix/requests.ts';
import { type Rule, wordsOf } from '../../src/core/advice.ts';
import type { Claims } from '../../src/core/claims.ts';
import { Failure } from '../../src/core/failure.ts';
import { remember } from '../../src/core/redaction.ts';
import { Secret } from '../../src/core/secret.ts';
import { RULES as AWS } from '../../src/providers/aws/advice.ts';
import { RULES as AZURE } from '../../src/providers/azure/advice.ts';
import { RULES as GCP } from '../../src/providers/gcp/advice.ts';
import { RULES as VAULT } from '../../src/providers/vault/advice.ts';
import { hostile, isTame } from '../literals/hostile.ts';
import { BRANCH, CUSTOM, ENVIRONMENT, IMMUTABLE, PULL_REQUEST, REUSED, TAG } from '../literals/presented.ts';

const SECRET = 'hvs.a-token-that-is-known-0123456789';
remember(new Secret(SECRET, 'Vault token'));

const NAMES = [
  'sub',
  'iss',
  'aud',
  'environment',
  'repository',
  'repository_owner',
  'job_workflow_ref',
  'ref',
  'enterprise',
];
const JOBS = [BRANCH, ENVIRONMENT, PULL_REQUEST, TAG, IMMUTABLE, CUSTOM, REUSED];
const LONGEST = 300;

const RULES = [
  ...AWS.map((rule) => [rule.id, rule, requests.aws] as const),
  ...AZURE.map((rule) => [rule.id, rule, requests.azure] as const),
  ...GCP.map((rule) => [rule.id, rule, requests.gcp] as const),
  ...VAULT.map((rule) => [rule.id, rule, requests.vault] as const),
] as unknown as readonly (readonly [string, Rule<unknown>, unknown])[];

it.each(RULES)('%s', (_, rule, request) => {
  const planted = fc.array(fc.oneof(hostile, fc.constant(SECRET)), { maxLength: 4 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.constantFrom(...JOBS), fc.constantFrom(...NAMES), planted, (job, name, text) => {
      const claims: Claims = { ...job, [name]: text };
      const failure = new Failure(rule.from ?? rule.id, `Vault did not give secret/data/app: ${text}`, {
        said: `claim "${text}" ${text}`,
        code: text,
        host: text,
      });
      const { cause, fixes } = wordsOf(rule, { failure, evidence: failure.evidence, request, claims });
      for (const line of [cause, ...fixes]) {
        expect(isTame(line)).toBe(true);
        expect(line).not.toContain(SECRET);
        expect(line.length).toBeLessThanOrEqual(LONGEST);
      }
      expect(cause.length).toBeGreaterThan(10);
      expect(fixes.length).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

it('every id is of its own cloud', () => {
  const strays = RULES.filter(([id], i) => !id.startsWith(['aws', 'azure', 'gcp', 'vault'][cloudOf(i)] ?? ''));
  expect(strays).toEqual([]);
});
function cloudOf(index: number): number {
  const ends = [AWS.length, AWS.length + AZURE.length, AWS.length + AZURE.length + GCP.length];
  return ends.filter((end) => index >= end).length;
}
