// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that.
import { holds, interpolate, type Scope } from '../../../sandbox/runner/expression.ts';
import { toData, toEnvData } from '../../../sandbox/runner/expression-data.ts';
import type { Conclusion } from '../../../sandbox/runner/result.ts';

function scope(status: Conclusion = 'success', cancelled = false): Scope {
  return {
    contexts: {
      github: toData({ actor: 'octocat', event: { number: 7 }, ref_protected: false }),
      env: toEnvData(
        new Map([
          ['Name', 'mixed'],
          ['NAME', 'upper'],
        ]),
      ),
      steps: toData({ a: { outputs: { out: 'x' }, conclusion: 'success' } }),
      inputs: toData(null),
    },
    ...{ status, cancelled, workspace: '/nowhere' },
  };
}

describe('text with expressions', () => {
  it.each<[text: unknown, value: string]>([
    ['plain', 'plain'],
    [true, 'true'],
    [3600, '3600'],
    [null, ''],
    ['${{ github.actor }}', 'octocat'],
    ['<${{github.actor}}-${{ github.event.number }}>', '<octocat-7>'],
    ['${{ github.ref_protected }}', 'false'],
    ['${{ github.nothing.at.all }}', ''],
    ['${{ inputs.x }}', ''],
    ["${{ '}}' }}", '}}'],
    ["${{ 'it''s' }}", "it's"],
    ['${{ env.Name }}${{ env.NAME }}${{ env.name }}', 'mixedupper'],
    ['${{ GitHub.Actor }}', 'octocat'],
    ["${{ format('{0}!', steps.a.outputs.out) }}", 'x!'],
    ["${{ github.actor == 'OCTOCAT' && 'same' || 'other' }}", 'same'],
    ["${{ contains(fromJSON('[1,2]'), 2) }}", 'true'],
    ["${{ hashFiles('**/none') }}", ''],
    ['$${{ 1 }}{{ }}', '$1{{ }}'],
  ])('%s', (text, value) => {
    expect(interpolate(text, scope())).toBe(value);
  });

  it.each(['${{ github.actor', '${{ nowhere.x }}', '${{ frob() }}', '${{ }}', '${{ github. }}'])(
    'refuses %s',
    (text) => {
      expect(() => interpolate(text, scope())).toThrow();
    },
  );
});

describe('conditions', () => {
  it.each<[condition: unknown, success: boolean, failure: boolean, cancelled: boolean]>([
    [undefined, true, false, false],
    ['', true, false, false],
    ['always()', true, true, true],
    ['success()', true, false, false],
    ['failure()', false, true, false],
    ['cancelled()', false, false, true],
    ['!cancelled()', true, true, false],
    ['${{ failure() }}', false, true, false],
    ["github.actor == 'octocat'", true, false, false],
    ["github.actor == 'failure()'", false, false, false],
    ["always() && github.actor == 'octocat'", true, true, true],
    ['success() || failure()', true, true, false],
    [true, true, false, false],
    [false, false, false, false],
    // Mixed text is a text, and a text is true.
    ["${{ github.actor }} == 'someone'", true, false, false],
  ])('%s', (condition, success, failure, cancelled) => {
    expect(holds(condition, scope('success'))).toBe(success);
    expect(holds(condition, scope('failure'))).toBe(failure);
    expect(holds(condition, scope('cancelled', true))).toBe(cancelled);
  });
});
