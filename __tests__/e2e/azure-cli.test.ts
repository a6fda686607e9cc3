// `azure-consumers: cli`: the Azure CLI is logged in beside everything else, for later steps alone; broken ones are told, and leave nothing.
import { dirname, join } from 'node:path';
import { defaultAzureTrust } from '../../sandbox/azure/trust.ts';
import { defaultTrust } from '../../sandbox/default-trust.ts';
import type { Hooks } from '../../sandbox/runner/job-state.ts';
import { type SharedTime, shareTime } from '../../sandbox/shared-time.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type AzMachine, azMachine, runs } from './az/machine.ts';
import type { Fault } from './az/program.ts';
import { until } from './interrupted.ts';
import { outage } from './outage.ts';
import { ACTION, AWS, AZURE, calm, cleanUp, FOUR, type Played, play, type Scenario } from './scenario.ts';
import { passing } from './time-passes.ts';

const CLI = { ...AZURE, 'azure-consumers': 'cli' };
const ALL = { ...FOUR, 'azure-consumers': 'sdk, terraform, cli' };
const OTHER = '77777777-7777-4777-8777-777777777777';

let world: World;
const machines: AzMachine[] = [];
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  for (const machine of machines.splice(0)) {
    const left = machine.started().filter(({ pid }) => runs(pid));
    machine.remove();
    expect(left).toEqual([]);
  }
  cleanUp();
  calm(world);
  Object.assign(world.trust, defaultTrust());
});
afterAll(() => world.stop());

function machineWith(fault?: Fault, form?: 'child' | 'exec'): AzMachine {
  const machine = azMachine(fault, form);
  machines.push(machine);
  return machine;
}

function playOn(machine: AzMachine, scenario: Scenario): Promise<Played> {
  return play(world, { ...scenario, machine: { PATH: machine.path, ...scenario.machine } });
}

const errors = ({ main }: Played) => main.annotations.filter((a) => a.level === 'error').map((a) => a.message);

/** Nothing was given to later steps, and post had nothing to ask anybody for. */
function nothingGiven({ main, post }: Played): void {
  expect(main.exported).toEqual({});
  expect(main.outputs).toEqual({ federated: 'false' });
  expect(post?.conclusion).toBe('success');
}

describe('an az that works', () => {
  it('is logged in beside all other exchanges, in a closed folder of the step, and later steps use it', async () => {
    const machine = machineWith();
    const look = 'az account show; stat -c "%a" "$AZURE_CONFIG_DIR" "$(dirname "$AZURE_CONFIG_DIR")"; ls -A "$HOME"';
    const use = { id: 'federate', uses: ACTION, with: ALL };
    const { result, main, later } = await playOn(machine, { steps: [use, { name: 'look', run: look }] });
    expect(result.result).toBe('success');
    const folder = main.outputs['azure-config-dir'] ?? '';
    expect(dirname(dirname(folder))).toBe(main.env.RUNNER_TEMP);
    expect(dirname(folder)).toBe(dirname(main.outputs['azure-token-file'] ?? ''));
    expect(main.exported.AZURE_CONFIG_DIR).toBe(folder);
    const looked = result.steps.find((step) => step.name === 'look')?.stdout.split('\n') ?? [];
    expect(JSON.parse(looked[0] ?? '')).toMatchObject({
      id: AZURE['azure-subscription-id'],
      user: { name: AZURE['azure-client-id'] },
    });
    // Closed to others, whatever modes az uses within; nothing in the user's own home.
    expect(looked.slice(1)).toEqual(['700', '700', '']);
    expect(later.AZURE_CONFIG_DIR).toBe(folder);
  });

  it('gets an identity token of its own as a file, and nothing of ours in its environment', async () => {
    const machine = machineWith();
    const { main } = await playOn(machine, {
      with: ALL,
      env: { PYTHONPATH: '/tmp/evil', LD_LIBRARY_PATH: '/tmp/evil' },
    });
    const minted = world.traffic
      .filter((t) => t.operation === 'idtoken')
      .map((t) => t.call.url.searchParams.get('audience'));
    expect(minted.filter((audience) => audience === 'api://AzureADTokenExchange')).toHaveLength(3);
    const [login, ...more] = machine.started();
    expect(more).toEqual([]);
    expect(login?.args.join(' ')).toMatch(
      /^login --service-principal --username \S+ --tenant \S+ --federated-token @\/\S+ --allow-no-subscriptions --output json$/,
    );
    expect(login?.cwd).toBe(login?.folder);
    const given = login?.variables.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name));
    expect(given).toEqual([
      ...[
        'AZURE_CONFIG_DIR',
        'AZURE_CORE_NO_COLOR',
        'AZURE_IDENTITY_DISABLE_CP1',
        'CURL_CA_BUNDLE',
        'HOME',
        'HTTPS_PROXY',
      ],
      ...['HTTP_PROXY', 'LANG', 'NO_PROXY', 'PATH', 'REQUESTS_CA_BUNDLE', 'RUNNER_TRACKING_ID', 'TMPDIR'],
    ]);
    expect(
      main.journal.filter((e) => e.kind === 'spawn' && !e.argv?.some((word) => word.endsWith('keeper.js'))),
    ).toHaveLength(1);
  });

  it('has its own tokens masked and reported', async () => {
    const cat = 'cat "$AZURE_CONFIG_DIR"/*.json';
    const use = { id: 'federate', uses: ACTION, with: CLI };
    const { main, log } = await playOn(machineWith(), { steps: [use, { name: 'cat', run: cat }] });
    const report = JSON.parse(main.outputs.report ?? '{}') as { credentials: { kind: string; expiresAt?: string }[] };
    expect(report.credentials.map((c) => c.kind)).toEqual(['Azure access token', 'Azure CLI login']);
    expect(log).toContain('"client_assertion":"***"');
    expect(log).toContain('"secret":"***"');
  });

  it('is gone after post, and the variable with it where there was one before', async () => {
    const steps = [
      { id: 'first', uses: ACTION, with: CLI },
      { id: 'second', uses: ACTION, with: CLI },
    ];
    const { result } = await playOn(machineWith(), { steps });
    expect(result.result).toBe('success');
    const [first, second] = result.steps.filter((step) => step.kind === 'main');
    const [postOfSecond, postOfFirst] = result.steps.filter((step) => step.kind === 'post');
    expect(first?.outputs['azure-config-dir']).not.toBe(second?.outputs['azure-config-dir']);
    expect(postOfSecond?.exported.AZURE_CONFIG_DIR).toBe(first?.outputs['azure-config-dir']);
    expect(postOfFirst?.exported).toEqual({});
  });

  it('is left with the subscription that was asked for, by a second start that asks nobody', async () => {
    const [tenant] = defaultAzureTrust.tenants;
    const identities = tenant?.identities.map((identity) => ({
      ...identity,
      roleAssignments: [{ role: 'Reader', scope: `/subscriptions/${OTHER}` }, ...(identity.roleAssignments ?? [])],
    }));
    const subscriptions = [...(tenant?.subscriptions ?? []), { id: OTHER, displayName: 'Other' }];
    Object.assign(world.trust, { azure: { tenants: [{ ...tenant, identities, subscriptions }] } });
    const machine = machineWith();
    const use = { id: 'federate', uses: ACTION, with: { ...CLI, 'azure-subscription-id': OTHER } };
    const { result } = await playOn(machine, { steps: [use, { name: 'show', run: 'az account show' }] });
    expect(result.steps.find((step) => step.name === 'show')?.stdout).toContain(`"id":"${OTHER}"`);
    expect(machine.started().map(({ args }) => args.slice(0, 2).join(' '))).toEqual([
      'login --service-principal',
      'account set',
      'account show',
    ]);
    expect(world.traffic.filter((t) => t.operation === 'subscriptions')).toHaveLength(1);
  });

  it.each(['child', 'exec'] as const)('may leave a process behind: it ends with the step (%s)', async (form) => {
    const { result } = await playOn(machineWith('leaves-a-child', form), { with: CLI });
    expect(result.result).toBe('success');
  });

  it('signs in to the cloud that was named', async () => {
    const trust = JSON.stringify(defaultAzureTrust).replaceAll(
      'api://AzureADTokenExchange',
      'api://AzureADTokenExchangeUSGov',
    );
    const { tenants } = JSON.parse(trust) as typeof defaultAzureTrust;
    Object.assign(world.trust, { azure: { tenants: tenants.map((tenant) => ({ ...tenant, cloud: 'usgovernment' })) } });
    const { result } = await playOn(machineWith(), { with: { ...CLI, 'azure-cloud': 'usgovernment' } });
    expect(result.result).toBe('success');
    const hosts = world.traffic.filter((t) => t.service === 'azure').map((t) => t.call.host);
    expect(hosts.sort()).toEqual([
      'login.microsoftonline.us',
      'login.microsoftonline.us',
      'management.usgovcloudapi.net',
    ]);
  });
});

describe('an az that works for longer than its identity token', () => {
  let time: SharedTime;
  let job: World;
  let start: number;
  /** Between these minutes GitHub mints nothing. */
  let silent: readonly number[];
  const isSilent = () => {
    const minute = (job.clock.now() - start) / 60_000;
    const [from = Number.POSITIVE_INFINITY, to = from] = silent;
    return minute >= from && minute < to;
  };
  beforeEach(async () => {
    silent = [];
    job = await startWorld({ services: [outage(isSilent)] });
    start = job.clock.now();
  });
  afterEach(async () => {
    cleanUp();
    await time.close();
    await job.stop();
  });

  /** What az gets with its login alone, after so long, and for the resource manager. */
  const ANEW = 'az account get-access-token --resource https://vault.azure.net > /dev/null';
  const FORGET = 'echo "{\\"AccessToken\\":{}}" > "$AZURE_CONFIG_DIR/msal_token_cache.json"';
  const then = [6, 61, 300].map((minute, i, all) => ({
    name: `minute ${minute}`,
    shell: 'bash',
    if: '!cancelled()',
    run: `${passing(minute - (all[i - 1] ?? 0))}; ${FORGET}; ${ANEW} && az account get-access-token > /dev/null; ls -lA "$AZURE_CONFIG_DIR"`,
  }));
  /** `strideMs`: how much of the time passes at once. */
  const work = async (keepFresh: string, strideMs?: number) => {
    time = await shareTime(job, strideMs);
    const machine = machineWith();
    const inputs = { ...CLI, 'keep-fresh': keepFresh, lifetime: '6h' };
    const played = await play(job, { with: inputs, then, machine: { PATH: machine.path, ...time.env() } });
    const steps = played.result.steps.filter((step) => step.name.startsWith('minute '));
    return { played, said: steps.map((step) => /AADSTS\d+/.exec(step.stderr)?.[0] ?? 'works'), steps };
  };

  it('is kept logged in, by the keeper, in a file that is closed to others', async () => {
    const began = job.clock.now();
    const { played, said, steps } = await work('auto');
    expect(said).toEqual(['works', 'works', 'works']);
    expect(steps[2]?.stdout).toMatch(/^-rw------- .* service_principal_entries\.json$/m);
    expect(steps[2]?.stdout).not.toContain('lockfile');
    expect(played.log).toContain('and kept logged in until ');
    const hours = (Date.parse(played.main.outputs['azure-expires-at'] ?? '') - began) / 3_600_000;
    expect(Math.round(hours)).toBe(6);
    expect(played.post?.annotations).toEqual([]);
    // By the tokens that later steps' az obtained, not by the one of main, which has ended.
    const told = played.post?.log.find((line) => line.startsWith('Azure CLI login ('));
    expect(Date.parse(/20\S+Z/.exec(told ?? '')?.[0] ?? '')).toBeGreaterThan(job.clock.now());
  }, 120_000);

  it('is logged in again as soon as a machine wakes up that was asleep for hours', async () => {
    const { said } = await work('auto', 6 * 3_600_000);
    expect(said).toEqual(['works', 'works', 'works']);
  }, 120_000);

  it('uses up what works while GitHub mints nothing, is refused then, and heals', async () => {
    silent = [20, 90];
    const { played, said } = await work('auto');
    expect(said).toEqual(['works', 'AADSTS700024', 'works']);
    // What passed is not told.
    expect(played.post?.annotations).toEqual([]);
  }, 120_000);

  it('is refused with keep-fresh: never, from the sixth minute on', async () => {
    const { said } = await work('never');
    expect(said).toEqual(['AADSTS700024', 'AADSTS700024', 'AADSTS700024']);
  }, 120_000);
});

describe('an az that does not', () => {
  it.each<[Fault, RegExp]>([
    ['garbage', /^\[azure\/cli-bad-answer\] az login ended well, but/],
    ['elsewhere', /^\[azure\/cli-bad-answer\] /],
    ['floods', /^\[azure\/cli-bad-answer\] /],
    ['traceback', /^\[azure\/cli-failed\] az login failed \(exit status 1\)/],
    ['hostile', /^\[azure\/cli-failed\] az login failed \(exit status 3\)/],
    ['old', /^\[azure\/cli-failed\] /],
  ])('%s: one error, nothing exported, nothing left', async (fault, told) => {
    const machine = machineWith(fault);
    const played = await playOn(machine, { with: CLI });
    expect(errors(played)).toEqual([expect.stringMatching(told)]);
    nothingGiven(played);
    expect(played.main.stdout.split('\n').filter((line) => /^\s*::stop-commands|##\[add-mask/.test(line))).toEqual([]);
  });

  it("says what az said, in az's words", async () => {
    const { log } = await playOn(machineWith('traceback'), { with: CLI });
    expect(log).toContain('No module named azure.cli');
    expect((await playOn(machineWith('old'), { with: CLI })).log).toContain(
      'unrecognized arguments: --federated-token',
    );
  });

  it('hangs: it is killed when the time is over', async () => {
    const played = await playOn(machineWith('hangs'), { with: { ...CLI, timeout: '10s' } });
    expect(errors(played)).toEqual([expect.stringMatching(/^\[azure\/cli-hung\] /)]);
    nothingGiven(played);
  });

  it('sees no subscription: told, with the role that it needs', async () => {
    const played = await playOn(machineWith(), { with: { ...CLI, 'azure-subscription-id': OTHER } });
    expect(errors(played)).toEqual([expect.stringMatching(/^\[azure\/cli-subscription\] /)]);
    expect(played.log).toContain('az role assignment create');
    nothingGiven(played);
  });

  it('sees none, and none was asked for: it is logged in to the tenant', async () => {
    const tenants = defaultAzureTrust.tenants.map((tenant) => ({
      ...tenant,
      identities: tenant.identities.map((identity) => ({ ...identity, roleAssignments: [] })),
    }));
    Object.assign(world.trust, { azure: { tenants } });
    const { 'azure-subscription-id': _, ...bare } = CLI;
    const { result, log } = await playOn(machineWith(), { with: bare });
    expect(result.result).toBe('success');
    expect(log).toContain('without a subscription');
  });
});

describe('an az that is not there', () => {
  it.each<[string, (machine: AzMachine) => Record<string, string>]>([
    ['nowhere', () => ({ PATH: `${dirname(process.execPath)}:/usr/bin:/bin` })],
    ['only behind a relative entry', () => ({ PATH: `.:bin::${dirname(process.execPath)}:/usr/bin:/bin` })],
  ])('%s: refused before a token is minted', async (_, change) => {
    const machine = machineWith();
    const played = await playOn(machine, { with: ALL, machine: change(machine) });
    expect(errors(played)).toEqual([expect.stringMatching(/^\[azure\/cli-missing\] /)]);
    expect([world.traffic, machine.started()]).toEqual([[], []]);
    nothingGiven(played);
  });

  it('but in the workspace, be it by a link: what the repository holds is not run', async () => {
    const machine = machineWith();
    const plant =
      'mkdir -p tools && cp "$AZ" tools/az && ln -s "$PWD/tools" "$RUNNER_TEMP/bin" && echo "$PWD/tools" >> $GITHUB_PATH && echo "$RUNNER_TEMP/bin" >> $GITHUB_PATH';
    const played = await playOn(machine, {
      steps: [
        { name: 'plant', run: plant, env: { AZ: join(machine.bin, 'az') } },
        { id: 'federate', uses: ACTION, with: CLI },
      ],
      machine: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
    });
    expect(errors(played)).toEqual([expect.stringMatching(/^\[azure\/cli-missing\] /)]);
    expect(machine.started()).toEqual([]);
  });
});

describe('a login that is not waited for', () => {
  it('when Entra refuses: az ends, and only the refusal is told', async () => {
    const tenants = defaultAzureTrust.tenants.map((tenant) => ({
      ...tenant,
      identities: tenant.identities.map((identity) => ({ ...identity, disabled: true })),
    }));
    Object.assign(world.trust, { azure: { tenants } });
    const played = await playOn(machineWith('hangs'), { with: CLI });
    expect(errors(played)).toEqual([expect.stringMatching(/^\[azure\/disabled\] /)]);
    nothingGiven(played);
  });

  it('when another cloud refuses: az ends', async () => {
    Object.assign(world.trust, { aws: { accounts: {} } });
    const played = await playOn(machineWith('hangs'), { with: { ...AWS, ...CLI } });
    expect(errors(played)).toEqual([expect.stringMatching(/^\[aws\//)]);
    nothingGiven(played);
  });

  it('when the job is cancelled: az ends with main, and post removes the folder', async () => {
    const machine = machineWith('hangs');
    const run = new AbortController();
    const cancelling = until(() => machine.started().length > 0).then(() => run.abort());
    const played = await playOn(machine, { with: CLI, run: { cancel: run.signal } });
    await cancelling;
    expect(played.result.result).toBe('cancelled');
    expect(played.main.exitCode).not.toBe(137);
    expect(played.main.exported).toEqual({});
    expect(played.post?.conclusion).toBe('success');
  });

  it('when main is killed: post ends az, and then removes the folder', async () => {
    const machine = machineWith('hangs');
    const onStart: NonNullable<Hooks['onStart']> = (step, main) => {
      if (step.kind === 'main') void until(() => machine.started().length > 0).then(() => main.kill('SIGKILL'));
    };
    const played = await playOn(machine, { with: CLI, run: { hooks: { onStart } } });
    expect(played.main.exitCode).toBe(137);
    expect(played.post?.conclusion).toBe('success');
    await until(() => machine.started().every(({ pid }) => !runs(pid)));
  });
});
