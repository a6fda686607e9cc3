// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that.
import { cleanUp, folderOf, javaScriptAction, play, printed, step } from './fixture.ts';

afterEach(cleanUp);

const inner = () =>
  javaScriptAction({
    inputs: '  who:\n    description: x',
    main: `say('main of', process.env.INPUT_WHO); put('STATE', 'who=' + process.env.INPUT_WHO); if (process.env.INPUT_WHO === 'bad') process.exitCode = 1;`,
    post: `say('post of', process.env.STATE_who, process.env.INPUT_WHO)`,
  });

const composite = (steps: string, rest = '') =>
  folderOf({
    'action.yml': `name: c\ndescription: c\n${rest}\nruns:\n  using: composite\n  steps:\n${steps.replace(/^\n/, '').replace(/^(?=.)/gm, '    ')}\n`,
  });

it('has inputs, outputs, steps, environment of its own, and posts of what it used', async () => {
  const actions = {
    'o/inner@v1': inner(),
    'o/outer@v1': composite(
      `
- uses: o/inner@v1
  with: { who: "\${{ inputs.first }}" }
- id: mine
  shell: bash
  run: echo "out=\${{ inputs.first }}-$OUTER-$OWN" >> "$GITHUB_OUTPUT"; echo "EXPORTED=1" >> "$GITHUB_ENV"; basename "$GITHUB_ACTION_PATH" | cut -c1-8
  env: { OWN: own }
- uses: o/inner@v1
  with: { who: second }`,
      'inputs: { first: { description: x, default: from-default } }\noutputs: { result: { description: x, value: "${{ steps.mine.outputs.out }}" } }',
    ),
  };
  const result = await play(
    `
- uses: o/outer@v1
  id: outer
  env: { OUTER: "outer" }
- run: echo "[\${{ steps.outer.outputs.result }}] [\${{ steps.mine.outputs.out }}] [$OUTER] [$EXPORTED]"`,
    { actions },
  );
  expect(result.result).toBe('success');
  expect(printed(result.log).filter((line) => !line.startsWith('##') && !line.startsWith('C'))).toEqual(
    expect.arrayContaining([
      'main of from-default',
      'fixture-',
      'main of second',
      '[from-default-outer-own] [] [] [1]',
    ]),
  );
  expect(printed(result.log).filter((line) => line.startsWith('post of'))).toEqual([
    'post of second second',
    'post of from-default from-default',
  ]);
  expect(result.steps.filter((s) => s.within === 'Run o/outer@v1').map((s) => s.name)).toHaveLength(3);
  expect(step(result, 'Run o/outer@v1').log).toContain('main of second');
});

it('stops at a failure, runs what asks for it, and posts only what ran', async () => {
  const actions = {
    'o/inner@v1': inner(),
    'o/outer@v1': composite(`
- uses: o/inner@v1
  with: { who: bad }
- uses: o/inner@v1
  with: { who: never }
- run: echo "cleaning up"
  shell: sh
  if: failure()`),
  };
  const result = await play('- uses: o/outer@v1\n- run: echo never', { actions });
  expect(result.result).toBe('failure');
  const own = printed(result.log);
  expect(own).toContain('cleaning up');
  expect(own.filter((line) => line.includes(' of '))).toEqual(['main of bad', 'post of bad bad']);
  expect(result.steps.at(-1)?.name).toMatch(/^Post /);
});

it("sees its own status, not the job's, in its main stage", async () => {
  const actions = { 'o/outer@v1': composite('- run: echo inside\n  shell: sh') };
  const result = await play('- run: exit 1\n- uses: o/outer@v1\n  if: always()', { actions });
  expect(printed(result.log)).toContain('inside');
});

it('cannot see secrets', async () => {
  const actions = { 'o/outer@v1': composite('- run: echo "${{ secrets.KEY }}"\n  shell: sh') };
  const result = await play('- uses: o/outer@v1', { actions, secrets: { KEY: 'x' } });
  expect(result.result).toBe('failure');
  expect(result.log.join('\n')).toContain("Unrecognized named-value: 'secrets'");
});

it('is cancelled with the job, and its posts still run', async () => {
  const user = new AbortController();
  const actions = {
    'o/inner@v1': inner(),
    'o/outer@v1': composite(`
- uses: o/inner@v1
  with: { who: one }
- run: echo ready; exec sleep 60
  shell: bash
- run: echo never
  shell: bash`),
  };
  const result = await play('- uses: o/outer@v1', {
    actions,
    cancel: user.signal,
    hooks: { onRawLine: (_step, _stream, line) => void (line === 'ready' && user.abort()) },
  });
  expect(result.result).toBe('cancelled');
  expect(step(result, 'Run o/outer@v1').outcome).toBe('cancelled');
  expect(printed(result.log)).toContain('post of one one');
  expect(printed(result.log)).not.toContain('never');
});

it('has the time of the step that uses it', async () => {
  const actions = { 'o/outer@v1': composite('- run: exec sleep 60\n  shell: bash') };
  const result = await play('- uses: o/outer@v1\n  timeout-minutes: 1', { actions, graces: { minute: 200 } });
  expect(result.result).toBe('failure');
  expect(printed(result.log)).toContain('##[error]The action has timed out.');
});
