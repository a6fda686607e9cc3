// Who the job is, on the built action: jobs that may mint no identity token and why, endpoints that somebody planted, events of strangers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultJob } from '../../sandbox/github/job.ts';
import { type Call, json, type Reply, type Service } from '../../sandbox/service.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { ACTION, AWS, calm, cleanUp, FOUR, GCP_DIRECT, type Played, play, type Scenario } from './scenario.ts';

const PLANTED_HOST = 'tokens.evil.example';
const SERVER_HOST = 'github.example.com';

/** What further endpoints answer; a test may replace it. */
let answer: (call: Call) => Reply;
const FURTHER: Service = {
  name: 'further',
  plays: (host) => host === PLANTED_HOST || host === SERVER_HOST,
  operation: () => 'idtoken',
  answer: (call) => answer(call),
};

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: [FURTHER] });
});
beforeEach(() => {
  answer = minted();
});
afterEach(() => {
  cleanUp();
  calm(world);
  world.github.job = defaultJob;
});
afterAll(() => world.stop());

/** An endpoint that mints for any audience, with some claims replaced. */
function minted(claims: Readonly<Record<string, unknown>> = {}): (call: Call) => Reply {
  return ({ url }) => json(200, { value: world.github.mint(url.searchParams.get('audience') ?? undefined, claims) });
}

function annotations({ main }: Played): string[] {
  return main.annotations.map(({ level, message }) => `${level}: ${message}`);
}

/** Ids of the errors. */
function failed(played: Played): string[] {
  return annotations(played).flatMap((text) => /^error: \[([^\]]+)\] /.exec(text)?.[1] ?? []);
}

function requests(): string[] {
  return world.traffic.map((t) => `${t.service} ${t.operation}`);
}

/** The step failed for one reason, gave nothing, owes nothing; no authority was asked. */
function expectRefused(played: Played, id: string): void {
  expect(failed(played)).toEqual([id]);
  expect([played.result.result, played.main.exitCode]).toEqual(['failure', 1]);
  expect([played.main.exported, played.main.outputs]).toEqual([{}, { federated: 'false' }]);
  expect(played.main.summary).toContain(id);
  expect(requests().filter((request) => !request.endsWith(' idtoken'))).toEqual([]);
  expect([played.post?.conclusion, played.post?.annotations]).toEqual(['success', []]);
}

function expectNobodyAsked(): void {
  expect(world.connects).toEqual([]);
  expect(world.traffic).toEqual([]);
}

const NO_PERMISSION = { contents: 'read' };

function pullRequest(head: object | null, name = 'pull_request'): NonNullable<Scenario['run']> {
  const base = { ref: 'main', repo: { full_name: 'octo-org/octo-repo', fork: false } };
  const pull_request = { number: 7, head: { ref: 'change', repo: head }, base };
  return { event: { name, payload: { pull_request, repository: base.repo } } };
}
const FORK = pullRequest({ full_name: 'mallory/octo-repo', fork: true });
const OWN_BRANCH = pullRequest({ full_name: 'octo-org/octo-repo', fork: false });
const DEPENDABOT = { ...OWN_BRANCH, github: { actor: 'dependabot[bot]' } };

describe('a job that has no endpoint', () => {
  it.each([
    ['other permissions', NO_PERMISSION, 'fail'],
    ['no permissions at all', {}, 'fail'],
    ['the permission taken away', { 'id-token': 'none', contents: 'read' }, 'fail'],
    ['a forgotten permission, which skip does not cover', NO_PERMISSION, 'skip'],
  ])('%s: nobody is asked, and the advice says what to grant', async (_, permissions, missing) => {
    const played = await play(world, { with: { ...FOUR, 'on-missing-token': missing }, permissions });
    expectRefused(played, 'identity/permission-missing');
    expectNobodyAsked();
    expect(played.log).toContain('- Give the job `permissions: { id-token: write, contents: read }`.');
    expect(played.post?.log).toContain('Nothing was obtained, so there is nothing to end.');
  });

  const OUTSIDERS: readonly (readonly [string, NonNullable<Scenario['run']>, string])[] = [
    ['a fork', FORK, 'identity/fork'],
    ['a fork that was deleted', pullRequest(null), 'identity/fork'],
    [
      'a fork, by a review',
      pullRequest({ full_name: 'mallory/octo-repo', fork: true }, 'pull_request_review'),
      'identity/fork',
    ],
    ['Dependabot', DEPENDABOT, 'identity/dependabot'],
  ];
  describe.each(OUTSIDERS)('%s', (_, run, id) => {
    it('fails, and the advice is its own', async () => {
      const played = await play(world, { with: FOUR, run });
      expectRefused(played, id);
      expectNobodyAsked();
      expect(played.log).toContain('- Do not move the job to pull_request_target');
      expect(played.log).not.toContain('- Give the job');
    });

    it('is skipped green on demand, and later steps can tell', async () => {
      const use = { id: 'federate', uses: ACTION, with: { ...FOUR, 'on-missing-token': 'skip' } };
      const guarded = { name: 'guarded', if: "steps.federate.outputs.federated == 'true'", run: 'true' };
      const played = await play(world, { steps: [use, guarded], run });
      expect([played.result.result, played.main.exported]).toEqual(['success', {}]);
      expect(played.main.outputs).toEqual({ federated: 'false' });
      expect(annotations(played)).toEqual([expect.stringContaining(`notice: [${id}] `)]);
      expect(played.result.steps.find((step) => step.name === 'guarded')?.status).toBe('skipped');
      expectNobodyAsked();
    });
  });

  it('a pull request in a repository that is itself a fork is nothing special', async () => {
    const run = pullRequest({ full_name: 'octo-org/octo-repo', fork: true });
    const { main } = await play(world, { with: GCP_DIRECT, run });
    expect(main.env).toHaveProperty('ACTIONS_ID_TOKEN_REQUEST_URL');
    expect(main.conclusion).toBe('success');
  });

  it('one in which the permission is missing there, too, is no fork', async () => {
    const run = pullRequest({ full_name: 'octo-org/octo-repo', fork: true });
    const inputs = { ...GCP_DIRECT, 'on-missing-token': 'skip' };
    expectRefused(await play(world, { with: inputs, run, permissions: NO_PERMISSION }), 'identity/permission-missing');
  });
});

/** A step that plants an endpoint, then the action. */
function planted(variables: Readonly<Record<string, string>>, inputs = AWS): { steps: object[] } {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const plant = { env: { LINES: lines.join('\n') }, run: 'echo "$LINES" >> "$GITHUB_ENV"' };
  return { steps: [plant, { uses: ACTION, with: inputs }] };
}
const ENDPOINT = {
  ACTIONS_ID_TOKEN_REQUEST_URL: `https://${PLANTED_HOST}/token?api-version=2.0`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'planted-request-token-0123456789',
};

describe('an endpoint that an earlier step planted', () => {
  it.each([
    ['of another repository', { repository_id: '666' }, 'repository_id'],
    ['of another run', { run_id: '1' }, 'run_id'],
    ['of another attempt', { run_attempt: '2' }, 'run_attempt'],
    ['for another audience', { aud: 'https://mallory.example' }, 'aud'],
    ['for another audience besides', { aud: ['sts.amazonaws.com', 'https://mallory.example'] }, 'aud'],
    ['for no audience', { aud: undefined }, 'aud'],
    [
      'that says nothing of the job',
      { repository_id: undefined, run_id: undefined, run_attempt: undefined },
      'repository_id, run_id, run_attempt',
    ],
  ])('gives a token %s: nothing is exchanged', async (_, claims, differ) => {
    answer = minted(claims);
    const played = await play(world, { ...planted(ENDPOINT), permissions: NO_PERMISSION });
    expectRefused(played, 'identity/mismatch');
    expect(requests()).toEqual(['further idtoken']);
    expect(annotations(played)).toEqual([
      expect.stringContaining(`warning: Identity tokens are minted at ${PLANTED_HOST}, which is no host of GitHub's.`),
      `error: [identity/mismatch] The identity token does not speak of this job: ${differ} differ from the job's own`,
    ]);
  });

  it('is compared for every exchange, not only for the first', async () => {
    const good = minted();
    const bad = minted({ run_id: '1' });
    answer = (call) => (call.url.searchParams.get('audience')?.startsWith('api://') ? bad(call) : good(call));
    const played = await play(world, { ...planted(ENDPOINT, FOUR), permissions: NO_PERMISSION });
    expectRefused(played, 'identity/mismatch');
  });

  it('has no effect where the job has its own', async () => {
    const { main, result } = await play(world, planted(ENDPOINT));
    expect(result.result).toBe('success');
    expect(main.annotations).toEqual([]);
    expect(requests()).toEqual(['github idtoken', 'aws AssumeRoleWithWebIdentity']);
  });

  it.each(Object.keys(ENDPOINT) as (keyof typeof ENDPOINT)[])('is only half there: %s', async (name) => {
    const played = await play(world, { ...planted({ [name]: ENDPOINT[name] }), permissions: NO_PERMISSION });
    expectRefused(played, 'identity/half-endpoint');
    expectNobodyAsked();
  });

  it.each([
    ['plain http', `http://${PLANTED_HOST}/token`],
    ['plain http to a name that only looks like loopback', 'http://127.0.0.1.evil.example/token'],
    ['another scheme', 'file:///etc/passwd'],
    ['no URL at all', 'tokens'],
  ])('is %s: refused before anything is sent', async (_, url) => {
    const variables = { ...ENDPOINT, ACTIONS_ID_TOKEN_REQUEST_URL: url };
    const played = await play(world, { ...planted(variables), permissions: NO_PERMISSION });
    expectRefused(played, 'identity/unsafe-endpoint');
    expectNobodyAsked();
  });

  it('is a process of its own on loopback, with the tokens of another run: nothing is exchanged', async () => {
    const server = createServer((request, response) => {
      const audience = new URL(request.url ?? '', 'http://localhost').searchParams.get('audience') ?? undefined;
      response.end(JSON.stringify({ value: world.github.mint(audience, { run_id: '1' }) }));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    try {
      const variables = { ...ENDPOINT, ACTIONS_ID_TOKEN_REQUEST_URL: url };
      const played = await play(world, { ...planted(variables), permissions: NO_PERMISSION });
      expectRefused(played, 'identity/mismatch');
      expect(requests()).toEqual([]);
    } finally {
      server.close();
    }
  });

  it("a server of the user's own, which is the job's, is GitHub's too", async () => {
    const requestUrl = `https://${SERVER_HOST}/_services/token?api-version=2.0`;
    const identity: NonNullable<Scenario['run']>['identity'] = (job) => ({
      ...world.github.identityFor(job),
      requestUrl,
    });
    const { result, main } = await play(world, {
      with: AWS,
      run: { identity, github: { server_url: `https://${SERVER_HOST}` } },
    });
    expect(result.result).toBe('success');
    expect(main.annotations).toEqual([]);
    expect(requests()).toEqual(['further idtoken', 'aws AssumeRoleWithWebIdentity']);
  });
});

describe("an event that strangers can cause, with the repository's trust", () => {
  const repository = { full_name: 'octo-org/octo-repo' };
  const run = (full_name: string | undefined) => ({
    event: {
      name: 'workflow_run',
      payload: { workflow_run: { head_repository: full_name ? { full_name } : null }, repository },
    },
  });
  const comment = {
    event: { name: 'issue_comment', payload: { comment: { body: '/deploy' }, issue: { number: 7 }, repository } },
  };
  const target = (head: object | null) => pullRequest(head, 'pull_request_target');
  const stranger = { full_name: 'mallory/octo-repo', fork: true };
  const EVENTS: readonly (readonly [string, NonNullable<Scenario['run']>])[] = [
    ['pull_request_target', target(stranger)],
    ['pull_request_target', target(null)],
    ['issue_comment', comment],
    ['workflow_run', run('mallory/octo-repo')],
    ['workflow_run', run(undefined)],
  ];

  it.each(EVENTS)('%s: a warning, and it goes on', async (name, scenario) => {
    const played = await play(world, { with: AWS, run: scenario });
    expect(played.result.result).toBe('success');
    expect(annotations(played)).toEqual([
      `warning: [identity/untrusted-event] This job runs for the event ${name}, with the trust of octo-org/octo-repo and possibly on behalf of somebody outside it.`,
    ]);
  });

  it.each(EVENTS)('%s: nothing is exchanged where it is to fail', async (_, scenario) => {
    const played = await play(world, { with: { ...AWS, 'on-untrusted-event': 'fail' }, run: scenario });
    expectRefused(played, 'identity/untrusted-event');
    expect(requests()).toEqual(['github idtoken']);
    // No trust that would let a stranger in is written for copying.
    expect(played.log).not.toContain('token.actions.githubusercontent.com:sub');
  });

  it('with four clouds: no authority is asked by any of them', async () => {
    const played = await play(world, { with: { ...FOUR, 'on-untrusted-event': 'fail' }, run: target(stranger) });
    expectRefused(played, 'identity/untrusted-event');
    expect(new Set(requests())).toEqual(new Set(['github idtoken']));
  });

  it.each(EVENTS)('%s: no word where it is allowed', async (_, scenario) => {
    const { result, main } = await play(world, { with: { ...AWS, 'on-untrusted-event': 'allow' }, run: scenario });
    expect([result.result, main.annotations]).toEqual(['success', []]);
  });

  it.each([
    ['pull_request_target', target({ full_name: 'octo-org/octo-repo', fork: false })],
    ['workflow_run', run('octo-org/octo-repo')],
    ['push', {}],
  ] as const)("%s of the repository's own: no word, even where strangers fail", async (_, scenario) => {
    const { result, main } = await play(world, { with: { ...AWS, 'on-untrusted-event': 'fail' }, run: scenario });
    expect([result.result, main.annotations]).toEqual(['success', []]);
  });

  it('a planted event file changes nothing: the claims and the runner say what it is', async () => {
    const variables = { GITHUB_EVENT_PATH: '/nowhere/event.json', GITHUB_EVENT_NAME: 'push' };
    const inputs = { ...AWS, 'on-untrusted-event': 'fail' };
    const played = await play(world, { ...planted(variables, inputs), run: target(stranger) });
    expectRefused(played, 'identity/untrusted-event');
  });

  it('Dependabot there has what the permissions say', async () => {
    const scenario = {
      ...target({ full_name: 'octo-org/octo-repo', fork: false }),
      github: { actor: 'dependabot[bot]' },
    };
    const { result } = await play(world, { with: AWS, run: scenario });
    expect(result.result).toBe('success');
  });
});
