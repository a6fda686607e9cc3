// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that.
import { readFileSync } from 'node:fs';
import type { JobFacts } from '../../../sandbox/runner/identity.ts';
import { cleanUp, folderOf, javaScriptAction, play, playWorkflow, printed } from './fixture.ts';

afterEach(cleanUp);

const identity = { requestUrl: 'https://token.example/?api-version=2.0', requestToken: 'request-token-value' };

describe('jobs', () => {
  it('run in the order of their needs, and hand over what holds no secret', async () => {
    const result = await playWorkflow(`
on: push
jobs:
  last:
    needs: [first, broken]
    if: always()
    runs-on: x
    steps:
      - run: echo "\${{ needs.first.outputs.plain }}|\${{ needs.first.outputs.hidden }}|\${{ needs.broken.result }}|$FROM_FIRST"
  skipped:
    needs: broken
    runs-on: x
    steps: [{ run: echo never }]
  broken:
    runs-on: x
    steps: [{ run: exit 1 }]
  first:
    runs-on: x
    outputs: { plain: "\${{ steps.s.outputs.a }}", hidden: "\${{ steps.s.outputs.b }}", empty: "\${{ steps.s.outputs.c }}" }
    steps:
      - id: s
        run: |
          echo "::add-mask::hush"
          echo "a=1" >> "$GITHUB_OUTPUT"; echo "b=not hush" >> "$GITHUB_OUTPUT"; echo FROM_FIRST=1 >> "$GITHUB_ENV"
`);
    expect(result.jobs.map((job) => [job.id, job.result, job.outputs])).toEqual([
      ['first', 'success', { plain: '1' }],
      ['broken', 'failure', {}],
      ['last', 'success', {}],
      ['skipped', 'skipped', {}],
    ]);
    expect(result.result).toBe('failure');
    expect(printed(result.log)).toContain("##[warning]Skip output 'hidden' since it may contain secret.");
    expect(printed(result.log)).toContain('1||failure|');
  });

  it('are only those asked for, and what they need', async () => {
    const workflow = `
on: push
jobs:
  a: { runs-on: x, steps: [{ run: echo a }] }
  b: { runs-on: x, needs: a, steps: [{ run: echo b }] }
  c: { runs-on: x, steps: [{ run: echo c }] }
`;
    expect((await playWorkflow(workflow, { job: 'b' })).jobs.map((j) => j.id)).toEqual(['a', 'b']);
    await expect(playWorkflow(workflow, { job: 'd' })).rejects.toThrow("The workflow has no job 'd'");
  });

  it('play one entry of a matrix', async () => {
    const jobHead =
      '    strategy: { matrix: { os: [a, b], n: "${{ fromJSON(\'[1,2]\') }}", include: [{ os: a, extra: yes }], exclude: [{ os: a, n: 1 }] } }';
    const steps = '- run: echo "${{ matrix.os }}${{ matrix.n }}${{ matrix.extra }}"';
    expect(printed((await play(steps, { jobHead })).log)).toContain('a2yes');
    expect(printed((await play(steps, { jobHead, matrix: { os: 'z', n: 9 } })).log)).toContain('z9');
  });

  it('know the event and the inputs', async () => {
    const result = await play(
      `
- run: cat "$GITHUB_EVENT_PATH"
- run: echo "\${{ github.event.inputs.env }} \${{ inputs.env }} \${{ vars.V }} $GITHUB_EVENT_NAME $GITHUB_REF_NAME"`,
      {
        event: { name: 'workflow_dispatch', payload: { inputs: { env: 'prod' } } },
        inputs: { env: 'prod' },
        vars: { V: 'v' },
        github: { ref: 'refs/tags/v1' },
      },
    );
    expect(JSON.parse(result.steps[0]?.stdout ?? '')).toEqual({ inputs: { env: 'prod' } });
    expect(printed(result.log)).toContain('prod prod v workflow_dispatch v1');
  });

  it('that run out of time are cancelled', async () => {
    const result = await play('- run: exec sleep 60\n- run: echo after\n  if: always()', {
      jobHead: '    timeout-minutes: 3',
      graces: { minute: 100 },
    });
    expect(result.result).toBe('cancelled');
    expect(printed(result.log)).toContain('after');
  });
});

describe('the identity token', () => {
  const pullRequest = (head: object) => ({
    name: 'pull_request',
    payload: { pull_request: { head: { repo: head }, base: { repo: { full_name: 'octo-org/octo-repo' } } } },
  });

  it.each<[what: string, head: string, jobHead: string, options: object, granted: boolean]>([
    ['no permissions', '', '', {}, false],
    ['of the workflow', 'permissions: { id-token: write }', '', {}, true],
    ['of the job', '', '    permissions: { id-token: write }', {}, true],
    [
      "the job's replace the workflow's",
      'permissions: { id-token: write }',
      '    permissions: { contents: read }',
      {},
      false,
    ],
    ['read is not write', 'permissions: { id-token: none }', '', {}, false],
    [
      'a fork',
      'permissions: { id-token: write }',
      '',
      { event: pullRequest({ fork: true, full_name: 'evil/octo-repo' }) },
      false,
    ],
    [
      'another repository',
      'permissions: { id-token: write }',
      '',
      { event: pullRequest({ fork: false, full_name: 'a/b' }) },
      false,
    ],
    [
      'the same repository',
      'permissions: { id-token: write }',
      '',
      { event: pullRequest({ fork: false, full_name: 'octo-org/octo-repo' }) },
      true,
    ],
    ['Dependabot', 'permissions: { id-token: write }', '', { github: { actor: 'dependabot[bot]' } }, false],
    [
      'a fork, pull_request_target',
      'permissions: { id-token: write }',
      '',
      { event: { ...pullRequest({ fork: true }), name: 'pull_request_target' } },
      true,
    ],
  ])('%s', async (_, head, jobHead, options, granted) => {
    const action = javaScriptAction({ main: '' });
    const result = await play('- run: env\n- uses: o/a@v1', {
      head,
      jobHead,
      identity,
      actions: { 'o/a@v1': action },
      ...options,
    });
    for (const { env } of result.steps) {
      expect(env.ACTIONS_ID_TOKEN_REQUEST_URL).toBe(granted ? identity.requestUrl : undefined);
      expect(env.ACTIONS_ID_TOKEN_REQUEST_TOKEN).toBe(granted ? identity.requestToken : undefined);
    }
    expect(result.steps[0]?.env).not.toHaveProperty('ACTIONS_RUNTIME_TOKEN');
    expect(result.steps[1]?.env.ACTIONS_RUNTIME_TOKEN === identity.requestToken).toBe(granted);
  });

  it('cannot be redirected by an exported variable while the job has the permission', async () => {
    const steps = `- run: echo "ACTIONS_ID_TOKEN_REQUEST_URL=https://evil.example" >> "$GITHUB_ENV"\n- run: env`;
    const granted = await play(steps, { head: 'permissions: { id-token: write }', identity });
    expect(granted.steps[1]?.env.ACTIONS_ID_TOKEN_REQUEST_URL).toBe(identity.requestUrl);
    const planted = await play(steps, { identity });
    expect(planted.steps[1]?.env.ACTIONS_ID_TOKEN_REQUEST_URL).toBe('https://evil.example');
  });

  it('fills the github context from its claims, and is told who the job is', async () => {
    const asked: JobFacts[] = [];
    const result = await play('- run: echo "$GITHUB_REPOSITORY $GITHUB_RUN_ID ${{ github.sha }}"', {
      head: 'permissions: { id-token: write }',
      jobHead: '    environment: { name: production }',
      identity: (job) => {
        asked.push(job);
        return { ...identity, claims: { repository: 'a/b', run_id: '77', sha: 'abc', sub: 'x' } };
      },
    });
    expect(printed(result.log)).toContain('a/b 77 abc');
    expect(asked).toEqual([
      {
        id: 'job',
        environment: 'production',
        mayMint: true,
        event: { name: 'push', payload: { ref: 'refs/heads/main' } },
      },
    ]);
  });

  it('leaves a fork without secrets', async () => {
    const result = await play('- run: echo "[${{ secrets.KEY }}]"', {
      event: pullRequest({ fork: true }),
      secrets: { KEY: 'x' },
    });
    expect(printed(result.log)).toContain('[]');
  });
});

describe('a workflow file', () => {
  const job = (steps: string, rest = '') => `on: push\njobs:\n  a:\n    runs-on: x\n${rest}    steps: ${steps}\n`;

  it.each<[what: string, workflow: string, message: string]>([
    ['an unknown key', job('[{ run: x, frob: 1 }]'), "(Line: 5, Col: 23): Unexpected value 'frob'"],
    ['a step that is both', job('[{ run: x, uses: a/b@v1 }]'), 'uses'],
    ['no runs-on', 'on: push\njobs:\n  a:\n    steps: [{ run: x }]\n', 'Required property is missing: runs-on'],
    [
      'an unknown need',
      `${job('[{ run: x }]', '    needs: b\n')}  c: { runs-on: x, steps: [{ run: x }] }\n`,
      "depends on unknown job 'b'",
    ],
    [
      'a context that the place does not have',
      job('[{ run: x, if: "secrets.A" }]'),
      "Unrecognized named-value: 'secrets'",
    ],
    ['an expression that is none', job('[{ run: "${{ frob() }}" }]'), 'Unrecognized function'],
    ['a permission that is none', job('[{ run: x }]', '    permissions: { frob: write }\n'), "Unexpected value 'frob'"],
    ['no YAML', 'on: push\njobs: [\n', ''],
    [
      'what is not played here: containers',
      job('[{ run: x }]', '    container: alpine\n'),
      "does not play 'container:'",
    ],
  ])('is refused for %s', async (_, workflow, message) => {
    await expect(playWorkflow(workflow)).rejects.toThrow(message);
  });

  it('is read from its path, and named in the context', async () => {
    const folder = folderOf({
      'deploy.yml': `name: Deploy\n${job('[{ run: "echo $GITHUB_WORKFLOW_REF $GITHUB_WORKFLOW" }]')}`,
    });
    const result = await playWorkflow(`${folder}/deploy.yml`);
    expect(printed(result.log)).toContain('octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main Deploy');
    expect(readFileSync(`${folder}/deploy.yml`, 'utf8')).toContain('Deploy');
    await expect(playWorkflow(`${folder}/none.yml`)).rejects.toThrow('There is no workflow file');
  });
});
