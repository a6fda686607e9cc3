// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that.
import { existsSync } from 'node:fs';
import { cleanUp, folderOf, javaScriptAction, play, printed, step } from './fixture.ts';

afterEach(cleanUp);

describe('a JavaScript action', () => {
  it('gets its inputs, saves state, and its post stage finds it', async () => {
    const action = javaScriptAction({
      inputs: `  who:\n    description: x\n    default: \${{ github.repository }}\n  Two Words:\n    description: x\n  dash-ed:\n    description: x\n    default: 5`,
      main: `say(process.env.INPUT_WHO, process.env['INPUT_TWO_WORDS'], process.env['INPUT_DASH-ED'], process.env['INPUT_EXTRA']);
        put('STATE', 'token=abc'); put('STATE', 'TOKEN=def'); put('OUTPUT', 'out=1');
        say(Object.keys(process.env).filter((name) => name.startsWith('STATE_')).length);`,
      post: `say('post', process.env.STATE_token, process.env.STATE_TOKEN, process.env['INPUT_TWO_WORDS'], process.env.LATER);`,
    });
    const result = await play(
      `
- uses: o/a@v1
  id: it
  with: { two words: "\${{ env.LATER }}", extra: 1 }
- run: echo "LATER=changed" >> "$GITHUB_ENV"; echo "\${{ steps.it.outputs.out }}\${{ steps.it.conclusion }}"`,
      { actions: { 'o/a@v1': action }, jobHead: '    env: { LATER: first }' },
    );
    expect(result.result).toBe('success');
    expect(step(result, 'Run o/a@v1').stdout).toBe('octo-org/octo-repo first 5 1\n0\n');
    // State names ignore case; inputs and environment are those of the end of the job.
    expect(step(result, 'Post Run o/a@v1').stdout).toBe('post def  changed changed\n');
    expect(step(result, 'Run o/a@v1')).toMatchObject({ state: { token: 'def' }, outputs: { out: '1' }, kind: 'main' });
    expect(printed(result.log)).toContain('1success');
    expect(printed(result.log)).toContain(
      "##[warning]Unexpected input(s) 'extra', valid inputs are ['who', 'Two Words', 'dash-ed']",
    );
  });

  it('runs posts from the last to the first, of those that ran, whatever became of them', async () => {
    const named = (name: string, main: string) => javaScriptAction({ main, post: `say('post of ${name}')` });
    const actions = {
      'o/one@v1': named('one', ''),
      'o/two@v1': named('two', 'process.exit(1)'),
      'o/three@v1': named('three', ''),
      'o/four@v1': named('four', ''),
      'o/five@v1': javaScriptAction({ main: '', post: `say('post of five')`, postIf: 'success()' }),
    };
    const result = await play(
      `
- uses: o/one@v1
- uses: o/five@v1
- uses: o/two@v1
- uses: o/three@v1
- uses: o/four@v1
  if: failure()`,
      { actions },
    );
    expect(printed(result.log).filter((line) => line.startsWith('post of'))).toEqual([
      'post of four',
      'post of two',
      'post of one',
    ]);
    expect(result.steps.map((s) => [s.name, s.conclusion])).toEqual([
      ['Run o/one@v1', 'success'],
      ['Run o/five@v1', 'success'],
      ['Run o/two@v1', 'failure'],
      ['Run o/three@v1', 'skipped'],
      ['Run o/four@v1', 'success'],
      ['Post Run o/four@v1', 'success'],
      ['Post Run o/two@v1', 'success'],
      ['Post Run o/five@v1', 'skipped'],
      ['Post Run o/one@v1', 'success'],
    ]);
    expect(result.result).toBe('failure');
  });

  it('fails the job by a failing post, but not with continue-on-error', async () => {
    const action = javaScriptAction({ main: '', post: 'process.exitCode = 4' });
    const failed = await play('- uses: o/a@v1', { actions: { 'o/a@v1': action } });
    expect(failed.result).toBe('failure');
    const forgiven = await play('- uses: o/a@v1\n  continue-on-error: true', { actions: { 'o/a@v1': action } });
    expect(forgiven.result).toBe('success');
    expect(step(forgiven, 'Post Run o/a@v1')).toMatchObject({ outcome: 'failure', conclusion: 'success', exitCode: 4 });
  });

  it('is not found: the job fails before its first step', async () => {
    const result = await play('- run: echo never\n- uses: o/missing@v1');
    expect(result.result).toBe('failure');
    expect(result.steps).toEqual([]);
    expect(result.log).toContain('##[error]Unable to resolve action `o/missing@v1`, repository not found');
  });

  it('is local: needs a checkout first', async () => {
    const actions = { './': javaScriptAction({ main: `say('local')` }) };
    const without = await play('- uses: ./', { actions });
    expect(without.log.join('\n')).toContain(
      'Did you forget to run actions/checkout before running your local action?',
    );
    const withIt = await play('- uses: actions/checkout@v4\n- uses: ./', { actions });
    expect(printed(withIt.log)).toContain('local');
  });
});

describe('the environment of a step', () => {
  it('is clean, and in the order of the runner', async () => {
    process.env.LEAKED_FROM_THE_MACHINE = 'yes';
    const action = javaScriptAction({
      main: `put('ENV', 'GITHUB_REPOSITORY=planted/repo'); put('ENV', 'RUNNER_TEMP=/planted'); put('ENV', 'ACTIONS_RUNTIME_TOKEN=planted');
        put('ENV', 'STEP=exported'); put('ENV', 'JOB=exported'); put('ENV', 'NODE_OPTIONS=--frob'); put('ENV', 'node_options=--frob'); put('ENV', 'GIVEN=exported');
        put('PATH', '/first'); put('PATH', '/second');`,
    });
    const result = await play(
      `
- uses: o/a@v1
- uses: o/b@v1
  env: { STEP: own }`,
      {
        actions: { 'o/a@v1': action, 'o/b@v1': javaScriptAction({ main: '' }) },
        env: { GIVEN: 'machine', PROXY: 'p' },
        jobHead: '    env: { JOB: written, STEP: job }',
      },
    );
    delete process.env.LEAKED_FROM_THE_MACHINE;
    const { env } = step(result, 'Run o/b@v1');
    expect(env).toMatchObject({
      STEP: 'own',
      JOB: 'exported',
      GIVEN: 'exported',
      PROXY: 'p',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
    });
    expect(env.GITHUB_REPOSITORY).toBe('octo-org/octo-repo');
    expect(env.RUNNER_TEMP).toBe(`${result.root}/job/_work/_temp`);
    expect(env.ACTIONS_RUNTIME_TOKEN).not.toBe('planted');
    expect(env).not.toHaveProperty('NODE_OPTIONS');
    expect(env).not.toHaveProperty('LEAKED_FROM_THE_MACHINE');
    expect(env.PATH).toMatch(/^\/second:\/first:/);
    expect(env.GITHUB_WORKSPACE).toBe(`${result.root}/job/_work/octo-repo/octo-repo`);
    // The exporting step itself does not see it.
    expect(step(result, 'Run o/a@v1').env.STEP).toBe('job');
    expect(result.jobs[0]?.annotations.map((a) => a.message)).toEqual([
      "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
      "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
    ]);
  });

  it('shows exported variables in the block of each later step', async () => {
    const result = await play(`- run: echo "KEY=unmasked-value" >> "$GITHUB_ENV"\n- run: 'true'`);
    expect(step(result, 'Run true').log).toContain('  KEY: unmasked-value');
  });

  it('holds command files that are new for each step, and a mistake in one fails the step', async () => {
    const result = await play(`
- run: printf 'A=1\\nwrong\\nB=2\\n' >> "$GITHUB_ENV"
- run: echo "[$A][$B]"
  if: always()`);
    expect(result.steps[0]?.outcome).toBe('failure');
    expect(result.steps[0]?.log.slice(-2)).toEqual([
      "##[error]Unable to process file command 'env' successfully.",
      "##[error]Invalid format 'wrong'",
    ]);
    expect(printed(result.log)).toContain('[1][]');
    expect(result.steps[0]?.commandFiles.env).not.toBe(result.steps[1]?.commandFiles.env);
    // Those of earlier steps lie there until the job ends: the leak search must see them.
    const left = result.leftovers.find((l) => l.path === result.steps[0]?.commandFiles.env);
    expect(left?.content.toString()).toBe('A=1\nwrong\nB=2\n');
    expect(existsSync(left?.path ?? '')).toBe(false);
  });

  it('shows a masked summary, and drops one that is too large', async () => {
    const result = await play(`
- run: |
    echo "::add-mask::hidden-thing"
    printf '# hidden-thing\\r\\nmore' >> "$GITHUB_STEP_SUMMARY"
- run: head -c 1048577 /dev/zero | tr '\\0' x >> "$GITHUB_STEP_SUMMARY"`);
    expect(result.steps[0]?.summary).toBe('# ***\nmore\n');
    expect(result.steps[1]).toMatchObject({ summary: '', outcome: 'success' });
    expect(result.steps[1]?.annotations[0]?.message).toMatch(
      /^\$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1024k\./,
    );
  });
});

describe('a script', () => {
  it.each<[what: string, yaml: string, conclusion: string, line: string]>([
    [
      'stops at the first failure',
      '- run: |\n    false\n    echo on',
      'failure',
      '##[error]Process completed with exit code 1.',
    ],
    ['without a shell has no pipefail', '- run: false | true', 'success', ''],
    ['with bash named has pipefail', '- run: false | true\n  shell: bash', 'failure', ''],
    ['in Python', '- run: print(6*7)\n  shell: python', 'success', '42'],
    ["in a shell of one's own", '- run: process.stdout.write("js")\n  shell: node {0}', 'success', 'js'],
    [
      'in a shell without a place for the script',
      '- run: x\n  shell: node',
      'failure',
      "##[error]Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
    ],
    ['in a shell that is not there', '- run: x\n  shell: frobsh {0}', 'failure', '##[error]frobsh: command not found'],
    [
      'in a folder of its own',
      '- run: mkdir -p sub/x\n- run: pwd | sed "s/.*octo-repo//"\n  working-directory: sub/x',
      'success',
      '/sub/x',
    ],
    ['with expressions put in before the shell sees it', '- run: echo "${{ github.actor }}"', 'success', 'octocat'],
    ['has closed standard input', '- run: cat; echo end', 'success', 'end'],
  ])('%s', async (_, yaml, conclusion, line) => {
    const result = await play(yaml);
    expect(result.result).toBe(conclusion);
    if (line !== '') expect(printed(result.log)).toContain(line);
  });

  it('uses the defaults of the workflow and the job', async () => {
    const result = await play('- run: mkdir -p d\n  working-directory: .\n- run: pwd; false | true', {
      head: 'defaults: { run: { shell: bash } }',
      jobHead: '    defaults: { run: { working-directory: d } }',
    });
    expect(result.steps[1]).toMatchObject({ outcome: 'failure', exitCode: 1 });
    expect(result.steps[1]?.stdout).toMatch(/octo-repo\/d\n$/);
  });

  it('keeps outcome and conclusion apart', async () => {
    const result = await play(`
- id: a
  run: exit 7
  continue-on-error: \${{ github.actor == 'octocat' }}
- run: echo "\${{ steps.a.outcome }} \${{ steps.a.conclusion }} \${{ job.status }}"`);
    expect(result.result).toBe('success');
    expect(printed(result.log)).toContain('failure success success');
  });

  it('brings files only with actions/checkout, and starts with an empty home', async () => {
    const result = await play('- run: ls -A; ls -A ~\n- uses: actions/checkout@v4\n- run: cat sub/file', {
      checkout: { 'sub/file': 'content' },
    });
    expect(result.steps[0]?.stdout).toBe('');
    expect(result.steps[2]?.stdout).toBe('content');
  });
});

it('leaves nothing behind', async () => {
  const result = await play(
    '- run: mkdir -p "$RUNNER_TEMP/a" && touch "$RUNNER_TEMP/a/b" "$HOME/c" && chmod 500 "$RUNNER_TEMP/a"',
  );
  expect(
    result.leftovers.filter((l) => !l.ofRunner && l.kind === 'file').map((l) => [l.area, l.path.split('/').at(-1)]),
  ).toEqual([
    ['temp', 'b'],
    ['home', 'c'],
  ]);
  result.dispose();
  result.dispose();
  expect(existsSync(result.root)).toBe(false);
});

it('refuses an action.yml that GitHub would refuse', async () => {
  const wrong = folderOf({ 'action.yml': 'name: x\ndescription: x\nruns: { using: node24, main: a.js, frob: 1 }\n' });
  const result = await play('- uses: o/a@v1', { actions: { 'o/a@v1': wrong } });
  expect(result.log.join('\n')).toContain("Unexpected value 'frob'");
});
