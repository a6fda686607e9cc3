import { Failure } from '../../src/core/failure.ts';
import { explainMissingToken, skippable } from '../../src/core/missing-token.ts';

type Variables = Readonly<Record<string, string>>;
const ACTIONS: Variables = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_ACTOR: 'octocat' };
const PULL: Variables = { ...ACTIONS, GITHUB_EVENT_NAME: 'pull_request' };

const explain = (variables: Variables, event?: unknown) => explainMissingToken((name) => variables[name], event);

function pullRequest(head: unknown, base = 'octo-org/octo-repo') {
  return { pull_request: { head: { repo: head }, base: { repo: { full_name: base } } }, sender: { login: 'octocat' } };
}
const FROM_FORK = pullRequest({ full_name: 'someone/octo-repo', fork: true });

describe('explainMissingToken', () => {
  it.each<[string, string, Variables, unknown]>([
    ['a process outside of Actions', 'run/not-actions', {}, undefined],
    ['act', 'identity/act', { ...ACTIONS, ACT: 'true' }, undefined],
    ['act on a fork', 'identity/act', { ...PULL, ACT: 'true' }, FROM_FORK],
    ['only the URL', 'identity/half-endpoint', { ...ACTIONS, ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' }, undefined],
    ['only the token', 'identity/half-endpoint', { ...PULL, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }, FROM_FORK],
    ['a fork', 'identity/fork', PULL, FROM_FORK],
    ['a fork, reviewed', 'identity/fork', { ...PULL, GITHUB_EVENT_NAME: 'pull_request_review' }, FROM_FORK],
    ['a fork that was deleted', 'identity/fork', PULL, pullRequest(null)],
    ['a fork whose name is not told', 'identity/fork', PULL, pullRequest({ fork: true })],
    ['Dependabot', 'identity/dependabot', { ...PULL, GITHUB_ACTOR: 'dependabot[bot]' }, undefined],
    ['Dependabot pushing', 'identity/dependabot', { ...ACTIONS, GITHUB_ACTOR: 'dependabot[bot]' }, undefined],
    ['Dependabot by the event', 'identity/dependabot', PULL, { sender: { login: 'dependabot[bot]' } }],
    ['a push', 'identity/permission-missing', ACTIONS, {}],
    [
      'a pull request of the repository',
      'identity/permission-missing',
      PULL,
      pullRequest({ full_name: 'octo-org/octo-repo' }),
    ],
    [
      'the same in other letters',
      'identity/permission-missing',
      PULL,
      pullRequest({ full_name: 'Octo-Org/octo-repo' }),
    ],
    [
      'a pull request inside a repository that is itself a fork',
      'identity/permission-missing',
      PULL,
      pullRequest({ full_name: 'octo-org/octo-repo', fork: true }),
    ],
    [
      'pull_request_target of a fork, which may mint',
      'identity/permission-missing',
      { ...PULL, GITHUB_EVENT_NAME: 'pull_request_target' },
      FROM_FORK,
    ],
    [
      'workflow_run after Dependabot, which may mint',
      'identity/permission-missing',
      { ...ACTIONS, GITHUB_EVENT_NAME: 'workflow_run', GITHUB_ACTOR: 'dependabot[bot]' },
      undefined,
    ],
    ['an event that is no object', 'identity/permission-missing', PULL, 'text'],
    ['a pull request without a head', 'identity/permission-missing', PULL, { pull_request: {} }],
  ])('%s: %s', (_, id, variables, event) => expect(explain(variables, event).id).toBe(id));

  it('gives the permission as a line of YAML, and says what it does to the others', () => {
    const fixes = explain(ACTIONS).fixes.join('\n');
    expect(fixes).toContain('permissions: { id-token: write, contents: read }');
    expect(fixes).toContain('reusable workflow');
    expect(fixes).toContain('replaces');
  });

  it('does not advise a permission where none would help', () => {
    expect(explain(PULL, FROM_FORK).fixes.join()).not.toContain('permissions:');
    expect(explain({}).fixes.join()).not.toContain('permissions:');
  });
});

describe('skippable', () => {
  it.each([
    ['identity/fork', true],
    ['identity/dependabot', true],
    ['identity/permission-missing', false],
    ['identity/half-endpoint', false],
    ['identity/act', false],
    ['run/not-actions', false],
  ])('%s: %s', (id, expected) => expect(skippable(new Failure(id, ''))).toBe(expected));
});
