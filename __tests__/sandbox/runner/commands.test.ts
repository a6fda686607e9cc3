// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that.
import { cleanUp, javaScriptAction, play, printed, step } from './fixture.ts';

afterEach(cleanUp);

/** Plays an action that prints these lines to stdout, and answers what the log showed. */
async function shown(...lines: string[]): Promise<string[]> {
  const main = `process.stdout.write(${JSON.stringify(lines.map((line) => `${line}\n`).join(''))})`;
  const result = await play('- uses: o/a@v1', { actions: { 'o/a@v1': javaScriptAction({ main }) } });
  return printed(step(result, 'Run o/a@v1').log);
}

describe('output', () => {
  it.each<[what: string, lines: string[], expected: string[]]>([
    ['plain text stays', ['a', ' b '], ['a', ' b ']],
    [
      'a mask is not shown, and works from then on',
      ['topsecret', '::add-mask::topsecret', 'a topsecret b'],
      ['topsecret', 'a *** b'],
    ],
    ['a mask of several lines', ['::add-mask::first%0Asecond', 'first', 'second'], ['***', '***']],
    [
      'an empty mask',
      ['::add-mask:: '],
      ["##[warning]Can't add secret mask for empty string in ##[add-mask] command."],
    ],
    ['groups', ['::group::Title', '::endgroup::'], ['##[group]Title', '##[endgroup]']],
    ['debug is not shown', ['::debug::x'], []],
    ['an unknown command is text', ['::frob::x'], ['::frob::x']],
    [
      'a disabled command',
      ['::set-env name=A::b'],
      [
        "##[error]Unable to process command '::set-env name=A::b' successfully.",
        '##[error]The `set-env` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the `ACTIONS_ALLOW_UNSECURE_COMMANDS` environment variable to `true`. For more information see: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/',
      ],
    ],
    [
      'echo on shows commands, but not what is masked',
      ['::echo::on', '::group::x', '::add-mask::hidden1', '::endgroup::'],
      ['::group::x', '##[group]x', '::add-mask::***', '::endgroup::', '##[endgroup]'],
    ],
    [
      'stopped commands are text, until the token',
      ['::stop-commands::tok', '::add-mask::plain', 'plain', '::tok::', '::add-mask::plain', 'plain'],
      ['::stop-commands::tok', '::add-mask::plain', 'plain', '::tok::', '***'],
    ],
    [
      'a long stop token is masked',
      ['::stop-commands::longtoken', '::longtoken::'],
      ['::stop-commands::***', '::***::'],
    ],
    [
      'stopping in the middle of a line',
      ['text ##[stop-commands]x', '::add-mask::plain'],
      ['text ##[stop-commands]x', '::add-mask::plain'],
    ],
    [
      'another stop inside is text',
      ['::stop-commands::a', '::stop-commands::b', '::b::', '::a::', '::group::x'],
      ['::stop-commands::a', '::stop-commands::b', '::b::', '::a::', '##[group]x'],
    ],
  ])('%s', async (_, lines, expected) => {
    expect(await shown(...lines)).toEqual(expected);
  });

  it.each(['', 'pause-logging', 'add-mask'])('a stop token %j fails the step', async (token) => {
    const result = await play(`- run: echo "::stop-commands::${token}"`);
    expect(result.result).toBe('failure');
    expect(result.log.join('\n')).toContain('##[error]You cannot use a endToken that is an empty string');
  });

  it('is read on both streams', async () => {
    const result = await play(`- run: echo "::add-mask::both-ways" >&2; echo "::error::both-ways" >&2`);
    expect(printed(result.log)).toContain('##[error]***');
    expect(result.masks).toContain('both-ways');
  });

  it('makes annotations, masked and cut', async () => {
    const result = await play(`
- run: |
    echo "::add-mask::hidden-thing"
    echo "::error file=a.js,line=3,title=no hidden-thing::it was hidden-thing"
    echo "::warning::$(head -c 5000 /dev/zero | tr '\\0' x)"
    for i in $(seq 12); do echo "::notice::$i"; done`);
    const { annotations } = result.steps[0] ?? { annotations: [] };
    expect(annotations[0]).toEqual({
      level: 'error',
      message: 'it was ***',
      properties: { file: 'a.js', line: '3', title: 'no ***' },
    });
    expect(annotations[1]?.message).toHaveLength(4096);
    expect(annotations.filter((a) => a.level === 'notice')).toHaveLength(10);
    expect(printed(result.log)).toContain('##[notice]12');
    expect(result.result).toBe('success');
  });

  it('sets outputs and state the old way, with a warning', async () => {
    const action = javaScriptAction({
      main: `say('::set-output name=a::1'); say('::save-state name=b::2')`,
      post: 'say(process.env.STATE_b)',
    });
    const result = await play('- uses: o/a@v1\n  id: x\n- run: echo "[${{ steps.x.outputs.a }}]"', {
      actions: { 'o/a@v1': action },
    });
    expect(printed(result.log)).toEqual(expect.arrayContaining(['[1]', '2']));
    expect(step(result, 'Run o/a@v1').annotations).toHaveLength(2);
  });
});

describe('masks from the start', () => {
  it('secrets, the request token, the job token', async () => {
    const result = await play(
      `- run: |
    echo "\${{ secrets.KEY }}" "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" "\${{ github.token }}" "\${{ secrets.GITHUB_TOKEN }}"
    printf "\${{ secrets.KEY }}" | base64`,
      {
        head: 'permissions: { id-token: write }',
        secrets: { KEY: 'my-secret' },
        identity: { requestUrl: 'https://x.example/?a=1', requestToken: 'request-token' },
      },
    );
    expect(result.steps[0]?.stdout).toMatch(/^my-secret request-token ghs_\w{36} ghs_\w{36}\nbXktc2VjcmV0\n$/);
    expect(printed(result.log)).toEqual(expect.arrayContaining(['*** *** *** ***', '***']));
    expect(result.log.join('\n')).not.toMatch(/my-secret|request-token|ghs_/);
  });
});

it('shows in debug what each step did, masked', async () => {
  const action = javaScriptAction({
    main: `say('::add-mask::hidden-thing'); say('::debug::a', 'hidden-thing'); put('ENV', 'E=hidden-thing'); put('OUTPUT', 'O=1'); put('STATE', 'S=hidden-thing')`,
    post: '',
  });
  const result = await play("- uses: o/a@v1\n  if: github.actor == 'octocat'", {
    actions: { 'o/a@v1': action },
    debug: true,
  });
  const { log, env } = step(result, 'Run o/a@v1');
  expect(log.filter((line) => line.startsWith('##[debug]'))).toEqual([
    "##[debug]Evaluating condition for step: 'Run o/a@v1'",
    "##[debug]Evaluating: success() && (github.actor == 'octocat')",
    '##[debug]Result: true',
    '##[debug]Register post job cleanup for action: o/a@v1',
    '##[debug]Loading inputs',
    '##[debug]Loading env',
    '##[debug]a ***',
    '##[debug]Node Action run completed with exit code 0',
    "##[debug]E='***'",
    '##[debug]Save intra-action state S = ***',
    '##[debug]Set output O = 1',
  ]);
  expect(log).toContain('::add-mask::***');
  expect(env.RUNNER_DEBUG).toBe('1');
});
