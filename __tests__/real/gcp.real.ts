// What the action exported for Google Cloud, in the hands of the clients that later steps would use: they get in, and behind post they do not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { run } from '../../real/command.ts';
import { parts, ROOT } from '../../real/parts.ts';
import { findLeaks } from '../../sandbox/leaks.ts';
import type { RunOptions } from '../../sandbox/runner/options.ts';
import type { RunResult, StepResult } from '../../sandbox/runner/result.ts';
import { runWorkflow } from '../../sandbox/runner/run.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { PROGRAMS, type Program } from './gcp-programs.ts';

const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
const DIRECT = { 'gcp-workload-identity-provider': PROVIDER, 'gcp-project-id': 'octo-project' };
const ACCOUNT = {
  'gcp-workload-identity-provider': PROVIDER,
  'gcp-service-account': 'deploy@octo-project.iam.gserviceaccount.com',
};
const QUOTA = { 'gcp-quota-project': 'octo-project' };
/** The libraries look for a cloud around the machine; none of it is there. */
const QUIET = { METADATA_SERVER_DETECTION: 'none', NO_GCE_CHECK: 'true', CLOUDSDK_CORE_DISABLE_PROMPTS: '1' };

let world: World;
const played: RunResult[] = [];
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  // What a step is given by its own `env:`, and what gcloud keeps in its own folder (README), is the user's.
  const ours = (place: string) => !/^step env TOKEN|\/\.config\/gcloud\//.test(place);
  const leaks = played.splice(0).flatMap((result) => {
    const found = findLeaks({ canaries: world.canaries(), result });
    result.dispose();
    return found.filter((leak) => ours(leak.place));
  });
  expect(leaks).toEqual([]);
});
afterAll(() => world.stop());

type Step = Omit<Program, 'prints'> & { readonly env?: object };

/** A job with one use of the action, and behind it one step a program. */
async function play(
  inputs: object,
  programs: Readonly<Record<string, Step>>,
  env: object = {},
  hooks: RunOptions['hooks'] = {},
) {
  const use = { name: 'federate', id: 'federate', uses: 'your-org/workload-identity@v1', with: inputs };
  const steps = Object.entries(programs).map(([name, { shell, run, env: own }]) => ({
    ...{ name, shell, run, if: '!cancelled()' },
    ...(own && { env: own }),
  }));
  const result = await runWorkflow({
    workflow: stringify({
      name: 'real clients',
      on: 'push',
      permissions: { 'id-token': 'write' },
      jobs: { job: { 'runs-on': 'ubuntu-latest', env: { ...QUIET, ...env }, steps: [use, ...steps] } },
    }),
    actions: () => ROOT,
    identity: (job) => world.github.identityFor(job),
    env: world.env(),
    hooks,
  });
  played.push(result);
  const find = (wanted: (step: StepResult) => boolean): StepResult => {
    const step = result.steps.find(wanted);
    if (!step) throw new Error(`a step did not run:\n${result.log.join('\n')}`);
    return step;
  };
  const step = (name: string) => find((s) => s.name === name && s.kind === 'run');
  const ours = (kind: 'main' | 'post') => find((s) => s.uses !== undefined && s.kind === kind);
  return { result, step, main: ours('main'), post: ours('post') };
}

/** A program as a step behind post would run it: the environment with what post wrote over it. */
async function behindPost(
  name: string,
  played_: Awaited<ReturnType<typeof play>>,
  more: Record<string, string> = {},
  script = PROGRAMS[name]?.run ?? '',
) {
  const step = played_.step(name);
  const program = PROGRAMS[name] as Program;
  const file = join(step.env.RUNNER_TEMP ?? '', 'program');
  writeFileSync(file, script);
  const [command = '', ...args] = program.shell.replace('{0}', file).split(' ');
  const env = { ...step.env, ...played_.post.exported, ...more };
  return run(command, args, { env, cwd: step.env.GITHUB_WORKSPACE ?? ROOT });
}

describe.each([
  ['direct federation', { ...DIRECT, ...QUOTA }],
  ['a service account', { ...ACCOUNT, ...QUOTA }],
])('%s', (_, inputs) => {
  it('lets every client in, and behind post none', async () => {
    const job = await play(inputs, PROGRAMS);
    for (const [name, { prints }] of Object.entries(PROGRAMS)) {
      expect([name, job.step(name).stderr]).not.toEqual([name, expect.stringMatching(/Traceback|ERROR/)]);
      expect([name, job.step(name).stdout]).toEqual([name, expect.stringMatching(prints)]);
    }
    expect(job.result.result).toBe('success');
    for (const [name, { settings }] of Object.entries(PROGRAMS)) {
      const working = settings && (await behindPost(name, job, {}, settings));
      if (working) expect(working).toMatchObject({ status: 0, stderr: '' });
      const after = await behindPost(name, job);
      expect([name, after.status, after.stdout]).toEqual([name, 1, '']);
      // Because there is nothing, not because something is broken.
      expect(after.stderr).toMatch(
        /default credentials were not found|Could not load the default credentials|log ?in/i,
      );
    }
  });
});

it("what the user had on the machine is the libraries' again behind post", async () => {
  const job = await play(ACCOUNT, PROGRAMS);
  const home = job.step('google-auth').env.HOME ?? '';
  const [file, token] = [join(home, 'credentials.json'), join(home, 'token')];
  writeFileSync(token, world.github.mint(`https://iam.googleapis.com/${PROVIDER}`));
  const own = {
    type: 'external_account',
    audience: `//iam.googleapis.com/${PROVIDER}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'https://sts.googleapis.com/v1/token',
    credential_source: { file: token },
    quota_project_id: 'octo-project',
  };
  writeFileSync(file, JSON.stringify(own));
  const settings = { GOOGLE_APPLICATION_CREDENTIALS: file, GOOGLE_CLOUD_PROJECT: 'octo-project' };
  for (const name of ['google-auth', 'google-auth-library']) {
    const after = await behindPost(name, job, settings);
    expect([name, after.stderr, after.stdout]).toEqual([
      name,
      '',
      expect.stringMatching(PROGRAMS[name]?.prints ?? /^$/),
    ]);
  }
});

/** A call with a bearer token from the outputs, as a user's script would make it. */
function bearer(output: string, url: string): Step {
  return {
    env: { TOKEN: `\${{ steps.federate.outputs.${output} }}` },
    shell: `${parts().python} {0}`,
    run: `
import os, requests
answer = requests.get('${url}', headers={'Authorization': 'Bearer ' + os.environ['TOKEN']}, timeout=20)
print(answer.status_code, answer.text)`,
  };
}

const NO_FILE = { 'gcp-create-credentials-file': 'false', 'output-credentials': 'gcp' };
const BUCKETS = 'https://storage.googleapis.com/storage/v1/b?project=octo-project';

it.each<[string, Record<string, string>, string, string, RegExp]>([
  [
    'an ID token, at a service that checks it',
    {
      ...ACCOUNT,
      ...NO_FILE,
      'gcp-token-format': 'id-token',
      'gcp-id-token-audience': 'https://octo-service.run.app',
      'gcp-id-token-include-email': 'true',
    },
    'gcp-id-token',
    'https://octo-service.run.app/',
    /^200 .*"email":"deploy@octo-project/,
  ],
  ['an access token', { ...ACCOUNT, 'output-credentials': 'gcp' }, 'gcp-access-token', BUCKETS, /^200 .*octo-site/],
  [
    "a user's access token, at Workspace's directory",
    {
      ...ACCOUNT,
      ...NO_FILE,
      'gcp-service-account': 'directory@octo-project.iam.gserviceaccount.com',
      'gcp-subject': 'admin@octo.example.com',
      'gcp-scopes': 'https://www.googleapis.com/auth/admin.directory.user.readonly',
    },
    'gcp-access-token',
    'https://admin.googleapis.com/admin/directory/v1/users',
    /^200 .*admin@octo\.example\.com/,
  ],
  [
    'the token at the end of a chain, which may not read the project',
    {
      ...ACCOUNT,
      ...NO_FILE,
      'gcp-service-account': 'release@octo-project.iam.gserviceaccount.com',
      'gcp-delegates': 'relay@octo-project.iam.gserviceaccount.com',
    },
    'gcp-access-token',
    BUCKETS,
    /^403 .*release@octo-project\.iam\.gserviceaccount\.com does not have storage\.buckets\.list/,
  ],
])('%s gets in from the outputs', async (_, inputs, output, url, answer) => {
  const job = await play(inputs, { call: bearer(output, url) });
  expect(job.step('call').stdout).toMatch(answer);
  expect(job.result.result).toBe('success');
});

describe('a variable that wins over ours is named in a warning', () => {
  const rows: [string, string, string][] = [
    ['gcloud', 'CLOUDSDK_AUTH_ACCESS_TOKEN', 'ya29.c.somebody-elses'],
    ['gcloud', 'CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT', 'other@octo-project.iam.gserviceaccount.com'],
    ['gcloud', 'CLOUDSDK_AUTH_DISABLE_CREDENTIALS', 'true'],
  ];
  it.each(rows.filter(([name]) => PROGRAMS[name]))('%s: %s', async (name, variable, value) => {
    const job = await play(ACCOUNT, { [name]: PROGRAMS[name] as Program }, { [variable]: value });
    expect(job.step(name).conclusion).toBe('failure');
    expect(job.main.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining(`for gcp: ${variable}.`),
    ]);
  });

  it.each(['google-auth', 'google-auth-library'])('%s: none does; an earlier file is replaced', async (name) => {
    const earlier = { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json', GCLOUD_PROJECT: 'another-project' };
    const job = await play({ ...ACCOUNT, ...QUOTA }, { [name]: PROGRAMS[name] as Program }, earlier);
    expect(job.step(name).stdout).toMatch(PROGRAMS[name]?.prints ?? /^$/);
    expect(job.main.annotations).toEqual([]);
    expect(job.post.exported).toMatchObject(earlier);
  });
});

it('what the file gives ends when the step said that it would', async () => {
  const hooks = { beforeStep: ({ name }: { name: string }) => void (PROGRAMS[name] && world.clock.advance(362_000)) };
  const inputs = { ...ACCOUNT, 'keep-fresh': 'never' };
  const job = await play(inputs, { 'google-auth': PROGRAMS['google-auth'] as Program }, {}, hooks);
  expect(Date.parse(job.main.outputs['gcp-expires-at'] ?? '')).toBeLessThan(world.clock.now());
  expect(job.step('google-auth')).toMatchObject({ conclusion: 'failure', stderr: expect.stringContaining('stale') });
});
