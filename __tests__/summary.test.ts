import type { Claims } from '../src/core/claims.ts';
import type { Ended } from '../src/core/ending.ts';
import { Failure } from '../src/core/failure.ts';
import type { Credential, Grant } from '../src/core/grant.ts';
import { grantSummary } from '../src/summary.ts';
import { endedSummary } from '../src/summary-ended.ts';
import { failureSummary } from '../src/summary-failures.ts';
import { isOpen, visibilityDebt } from '../src/visibility.ts';
import { START } from './literals/clock.ts';
import { BRANCH, ENVIRONMENT } from './literals/presented.ts';

const SESSION: Credential = {
  cloud: 'aws',
  kind: 'AWS session',
  holder: 'arn:aws:sts::123456789012:assumed-role/deploy/gh-1',
  expiresAt: START,
  ending: 'expires',
};
const LEASE: Credential = {
  cloud: 'vault',
  kind: 'Vault lease',
  holder: 'ci',
  scope: 'database/creds/readonly',
  ending: 'revoked by post',
};
const grant = (...credentials: Credential[]) => ({ cloud: 'aws', credentials }) as unknown as Grant;
const PRIVATE: Claims = { ...ENVIRONMENT, repository_visibility: 'private' };

describe('after success', () => {
  it('it says who became whom, until when, and how it will end', () => {
    const text = grantSummary([grant(SESSION, LEASE)], PRIVATE);
    expect(text).toContain('octo-org/octo-repo (environment production) signed in');
    expect(text).toContain(
      '| AWS session<br><sub>ends by itself</sub> | `arn:aws:sts::123456789012:assumed-role/deploy/gh-1` | 2026-11-25 12:00 UTC |',
    );
    expect(text).toContain('Vault lease<br><sub>revoked by the post step</sub>');
    expect(text).toContain('`ci`<br><sub>for `database/creds/readonly`</sub> | its own time |');
  });

  it.each([
    ['public', { ...PRIVATE, repository_visibility: 'public' }],
    ['of unknown visibility', BRANCH],
  ])('in a repository that is %s it names nothing', (_, claims) => {
    const text = grantSummary([grant(SESSION, LEASE)], claims);
    expect(text).toContain('AWS session');
    expect(text).not.toMatch(/123456789012|deploy|database|octo|\bci\b/);
  });
});

describe('what post is told', () => {
  it.each([
    ['private', false],
    ['internal', false],
    ['public', true],
    [undefined, true],
  ])('of a repository that is %s: open %s', (visibility, open) => {
    expect(isOpen([visibilityDebt({ ...BRANCH, repository_visibility: visibility })])).toBe(open);
  });
  it('counts as public where nobody said otherwise', () => expect(isOpen([])).toBe(true));
});

describe("post's own block", () => {
  const ended: readonly Ended[] = [
    { cloud: 'vault', what: 'Vault lease of database/creds/readonly', outcome: { how: 'revoked' } },
    { cloud: 'vault', what: 'Vault token', outcome: { how: 'revoked' } },
    { cloud: 'step', what: `AWS session ${SESSION.holder}`, outcome: { how: 'expires', at: START } },
    { cloud: 'step', what: 'AWS_REGION', outcome: { how: 'left' } },
  ];
  it('has a line a credential', () => {
    const text = endedSummary(ended, false);
    expect(text).toContain('| Vault lease of database/creds/readonly | revoked |');
    expect(text).toContain(`| AWS session ${SESSION.holder} | not revoked; it ends at 2026-11-25T12:00:00Z |`);
    expect(text).toContain('| Variables | 1 ');
  });
  it('names no path where anybody can read it', () => {
    const text = endedSummary(ended, true);
    expect(text).toContain('| 2 of Vault | revoked |');
    expect(text).toContain('| AWS session | not revoked; it ends at 2026-11-25T12:00:00Z |');
    expect(text).not.toMatch(/database|123456789012/);
  });
});

describe('after a refusal', () => {
  const failure = new Failure(
    'aws/trust-refused',
    'The role does not accept it',
    { host: 'sts', status: 403, said: 'no *way*' },
    ['Run `aws x`.'],
  );
  const documents = {
    snippets: [
      { title: 'Policy', language: 'json', place: 'log', lines: ['{', '}'] },
      { title: 'Role', language: 'sh', place: 'setup', lines: ['aws iam create-role'] },
    ],
    notes: ['Mind this.'],
    links: ['https://docs.aws.amazon.com/x.html'],
  } as const;
  const text = failureSummary([{ title: 'AWS', failure, documents }], ['AWS: assume x'], PRIVATE, 'GitHub says: y');

  it.each([
    ['what failed, and where', '#### AWS: The role does not accept it'],
    ['the id and the answer', '`[aws/trust-refused]` · `sts` · status 403'],
    ['their words', '> no \\*way\\*'],
    ['what to do', '- Run `aws x`.'],
    ['the trust', '```json\n{\n}\n```'],
    ['what it lets in', '- Mind this.'],
    ['how to begin', 'Where nothing is set up yet'],
    ['official pages', '[docs.aws.amazon.com](https://docs.aws.amazon.com/x.html)'],
    ['the claims and what to bind to', '| `sub` | `repo:octo-org/octo-repo:environment:production` | **yes** |'],
    ['absent ones', '| `enterprise` | *absent* |'],
    ['what was asked', '- AWS: assume x'],
    ['what GitHub says of the subject', '> GitHub says: y'],
  ])('it says %s', (_, words) => expect(text).toContain(words));
});
