import fc from 'fast-check';
import { ranked } from '../../src/core/advice.ts';
import type { Claims } from '../../src/core/claims.ts';
import { readSubject, SUBJECT_CAUSES } from '../../src/core/subject.ts';
import { admits, narrows, speakerOf, whyNoTrust } from '../../src/core/trustable.ts';
import { hostile, PLANTED_TOKEN } from '../literals/hostile.ts';
import { BRANCH, CUSTOM, ENVIRONMENT, IMMUTABLE, PULL_REQUEST, REUSED, TAG, UNTRUSTED } from '../literals/presented.ts';

describe('whyNoTrust', () => {
  it.each([
    ['a branch', BRANCH],
    ['an environment', ENVIRONMENT],
    ['a tag', TAG],
    ['a pull request', PULL_REQUEST],
    ['an immutable subject', IMMUTABLE],
    ['an audience as a list of one', { ...BRANCH, aud: ['sts.amazonaws.com'] }],
    ['an issuer without ids', { iss: BRANCH.iss, sub: BRANCH.sub, aud: BRANCH.aud }],
  ])('has nothing against %s', (_, claims: Claims) => expect(whyNoTrust(claims)).toBeUndefined());

  it.each(UNTRUSTED)('refuses %s', (name, claims) => expect(whyNoTrust(claims)).toContain(name));

  it.each([
    ['sub', "repo:o/r:environment:it's"],
    ['sub', 'repo:o/r:environment:a%3Ab'],
    ['sub', 'repo:o/*:ref:refs/heads/main'],
    ['sub', `repo:o/r:environment:${'x'.repeat(300)}`],
    ['sub', PLANTED_TOKEN],
    ['sub', '::add-mask::x'],
    ['sub', undefined],
    ['iss', 'https://evil.example/?x'],
    ['aud', 'a b'],
    ['aud', ['a', 'b']],
    ['repository_id', '1" || true'],
    ['repository_owner_id', 7],
    ['job_workflow_ref', "o/r/w.yml@refs/heads/it's"],
  ])('refuses a token whose %s is %j', (name, value) => {
    expect(whyNoTrust({ ...BRANCH, [name]: value })).toContain(name);
  });

  it('lets nothing through that a snippet could not hold', () => {
    fc.assert(
      fc.property(fc.constantFrom('iss', 'sub', 'aud', 'repository_id'), hostile, (name, text) => {
        const claims = { ...BRANCH, [name]: text };
        return whyNoTrust(claims) !== undefined || /^[A-Za-z0-9._/@:-]+$/.test(text);
      }),
    );
  });

  it('does not quote the claim that it refuses', () => {
    expect(whyNoTrust({ ...BRANCH, sub: PLANTED_TOKEN })).not.toContain(PLANTED_TOKEN);
  });
});

describe('speakerOf', () => {
  it('takes what a snippet needs', () => {
    expect(speakerOf({ ...BRANCH, aud: ['x'] })).toEqual({
      issuer: BRANCH.iss,
      subject: BRANCH.sub,
      audience: 'x',
      repositoryId: '456789',
      ownerId: '123456',
    });
  });
});

describe('admits', () => {
  it.each([
    ['a branch', BRANCH, 'those that strangers can start too (pull_request_target, issue_comment, workflow_run)'],
    ['an environment on push', ENVIRONMENT, undefined],
    ['a pull request', PULL_REQUEST, 'every pull request'],
    ['an environment in a pull request', { ...ENVIRONMENT, event_name: 'pull_request' }, 'pull requests too'],
    ['a merge queue', { ...BRANCH, event_name: 'merge_group' }, 'merge queue'],
    ['a customised subject', CUSTOM, 'customised'],
  ])('says of %s what it lets in', (_, claims: Claims, words) => {
    const said = admits(claims);
    if (words === undefined) expect(said).toEqual([]);
    else expect(said.join()).toContain(words);
  });
});

describe('narrows', () => {
  it.each([
    ['a branch', BRANCH, 'It holds job_workflow_ref too'],
    ['an environment', ENVIRONMENT, 'It holds ref and job_workflow_ref too'],
    [
      'a workflow of a pull request',
      { ...PULL_REQUEST, job_workflow_ref: 'o/r/w.yml@refs/pull/7/merge' },
      'does not hold',
    ],
    ['an issuer without the claim', { iss: BRANCH.iss, sub: BRANCH.sub, aud: BRANCH.aud }, undefined],
  ])('says of %s what is held beyond the subject', (_, claims: Claims, words) => {
    const said = narrows(claims);
    if (words === undefined) expect(said).toEqual([]);
    else expect(said).toEqual([expect.stringContaining(words)]);
  });
});

describe('readSubject', () => {
  it.each([
    [BRANCH, { form: 'classic', context: 'branch', name: 'main' }],
    [TAG, { form: 'classic', context: 'tag', name: 'v1' }],
    [ENVIRONMENT, { form: 'classic', context: 'environment', name: 'production' }],
    [PULL_REQUEST, { form: 'classic', context: 'pull_request' }],
    [IMMUTABLE, { form: 'immutable', context: 'branch', name: 'main' }],
    [CUSTOM, { form: 'custom', context: 'other' }],
    [
      { sub: 'repo:o/r:environment:x:job_workflow_ref:o/r/w.yml@refs/heads/main' },
      { form: 'custom', context: 'other' },
    ],
    [{ sub: 'repo:o/r@1:ref:refs/heads/main' }, { form: 'classic', context: 'branch', name: 'main' }],
    [{}, { form: 'custom', context: 'other' }],
  ])('reads %j', (claims: Claims, subject) => expect(readSubject(claims)).toEqual(subject));
});

describe('the causes of a subject that does not match', () => {
  const causes = (claims: Claims) => ranked(SUBJECT_CAUSES, { claims });

  it.each([
    ['the immutable form', IMMUTABLE, 'immutable form'],
    ['a template', CUSTOM, 'template'],
    ['a reusable workflow', REUSED, 'platform/workflows'],
    ['the environment', ENVIRONMENT, 'environment production'],
    ['the pull request', PULL_REQUEST, 'pull request'],
    ['the tag', TAG, 'tag v1'],
    ['the branch', BRANCH, 'branch main'],
  ])('begin with %s', (_, claims, words) => expect(causes(claims)[0]).toContain(words));

  it('put another repository, or one in other letters, before the old form', () => {
    const position = (claims: Claims, words: string) => causes(claims).findIndex((line) => line.includes(words));
    const upper = { ...BRANCH, sub: 'repo:Octo-Org/octo-repo:ref:refs/heads/main' };
    expect(position(upper, 'lower case')).toBeLessThan(position(upper, 'immutable'));
    expect(position(BRANCH, 'lower case')).toBeLessThan(position(BRANCH, 'immutable'));
  });

  it('name none that the token rules out', () => {
    expect(causes(BRANCH).join()).not.toMatch(/names the environment|runs for a pull request|template/);
    expect(causes(IMMUTABLE).join()).not.toContain('it has the classic one');
  });
});
