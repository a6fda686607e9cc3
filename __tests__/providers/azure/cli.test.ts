import { Failure } from '../../../src/core/failure.ts';
import type { Ran } from '../../../src/core/ports.ts';
import { loginCli } from '../../../src/providers/azure/cli.ts';
import { findAz } from '../../../src/providers/azure/cli-program.ts';
import type { AzureCloud } from '../../../src/providers/azure/cloud.ts';
import { exchange } from '../../../src/providers/azure/exchange.ts';
import type { AzureRequest } from '../../../src/providers/azure/request.ts';
import { START } from '../../literals/clock.ts';
import { exchangePorts } from '../../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../../literals/identity.ts';
import { recordingKeep } from '../../literals/keep.ts';
import { type Call, fakeFolder, fakeProcesses } from '../../literals/machine.ts';
import { answer, type Reply, scripted } from '../../literals/wire.ts';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const TENANT = '22222222-2222-4222-8222-222222222222';
const [FIRST, SECOND] = ['33333333-3333-4333-8333-333333333333', '44444444-4444-4444-8444-444444444444'];
const REQUEST: AzureRequest = {
  clientId: CLIENT,
  tenantId: TENANT,
  cloud: 'public',
  authority: 'https://login.microsoftonline.com',
  audience: 'api://AzureADTokenExchange',
  scopes: ['https://management.azure.com/.default'],
  consumers: ['cli'],
};
const TOKEN = 'eyJ0eXAiOiJKV1QifQ.an-access-token-that-az-got.c2lnbmF0dXJl';

/** What `az login` prints (az 2.91, measured). */
function printed(ids: readonly string[], user = CLIENT): Partial<Ran> {
  const list = ids.map((id, i) => ({
    ...{ cloudName: 'AzureCloud', id, isDefault: i === 0, name: 'n', state: 'Enabled', tenantId: TENANT },
    user: { name: user, type: 'servicePrincipal' },
  }));
  return { output: JSON.stringify(list, null, 2) };
}
function refused(code: number, words = 'They say why.'): Partial<Ran> {
  const said = `AADSTS${code}: ${words} Trace ID: 9f50e569-0b3d-4253-8934-fcf795e5a9e7 Correlation ID: c1b24f54-4bc9-4f55-8e41-045f65419dd0 Timestamp: 2026-11-25 18:36:17Z`;
  return {
    status: 1,
    errors: `ERROR: ${said}\nRun the command below to authenticate interactively:\naz logout\naz login\n`,
  };
}
const TRACEBACK: Partial<Ran> = {
  status: 1,
  errors:
    'ERROR: The command failed with an unexpected error. Here is the traceback:\nERROR: HTTP Error: 503\nTraceback (most recent call last):\n  File "x"\nmsal.exceptions.MsalServiceError: HTTP Error: 503\nTo check existing issues, please visit: https://github.com/Azure/azure-cli/issues\n',
};

type Ending = Partial<Ran> | ((call: Call) => Partial<Ran>);

async function login(endings: readonly Ending[], changes: Partial<AzureRequest> = {}) {
  const processes = fakeProcesses(...endings);
  const folder = fakeFolder();
  folder.files.set(
    '/temp/step/azure-cli/msal_token_cache.json',
    JSON.stringify({ AccessToken: { one: { secret: TOKEN, expires_on: String(START / 1000 + 4_000) }, two: {} } }),
  );
  const ports = { ...exchangePorts(scripted().send), processes, folder };
  const keep = recordingKeep();
  const tokens = identities({ ...CLAIMS, aud: REQUEST.audience });
  const outcome = await loginCli({ ...REQUEST, ...changes }, tokens, ports, keep, new AbortController().signal).catch(
    (thrown: unknown) => thrown as Failure,
  );
  const done = outcome instanceof Failure ? undefined : outcome;
  const failure = outcome instanceof Failure ? outcome : undefined;
  return { done, failure, processes, folder, keep, tokens, ports };
}

describe('az login', () => {
  it('is given the ids as arguments and the token as a file without a final newline', async () => {
    const { processes, folder } = await login([printed([FIRST])]);
    expect(processes.calls).toEqual([
      {
        file: '/usr/bin/az',
        args: [
          ...['login', '--service-principal', '--username', CLIENT, '--tenant', TENANT],
          ...[
            '--federated-token',
            '@/temp/step/azure-cli-identity-token',
            '--allow-no-subscriptions',
            '--output',
            'json',
          ],
        ],
        env: {
          AZURE_CONFIG_DIR: '/temp/step/azure-cli',
          AZURE_IDENTITY_DISABLE_CP1: 'true',
          AZURE_CORE_NO_COLOR: 'true',
        },
        cwd: '/temp/step/azure-cli',
      },
    ]);
    expect(folder.files.get('/temp/step/azure-cli-identity-token')).toMatch(/^ey\S+$/);
  });

  it.each<[AzureCloud, string]>([
    ['public', 'AzureCloud'],
    ['usgovernment', 'AzureUSGovernment'],
    ['china', 'AzureChinaCloud'],
  ])('finds the cloud %s in its settings, as %s, and nothing that sends, asks or updates', async (cloud, name) => {
    const { folder } = await login([printed([FIRST])], { cloud });
    const settings = folder.files.get('/temp/step/azure-cli/config');
    expect(settings?.split('\n')).toEqual(
      expect.arrayContaining([`name = ${name}`, 'collect_telemetry = false', 'survey_message = false', 'enable = no']),
    );
  });

  it('is told of: the folder, its token masked, and when it ends', async () => {
    const { done, keep } = await login([printed([FIRST])], { subscriptionId: FIRST });
    expect(keep.masked).toEqual([TOKEN]);
    expect(done).toMatchObject({
      folder: '/temp/step/azure-cli',
      expiresAt: START + 300_000,
      credentials: [{ kind: 'Azure CLI login', holder: CLIENT, ending: 'expires', expiresAt: START + 4_000_000 }],
      place: `in subscription ${FIRST}`,
      loginFile: undefined,
    });
  });

  it('of which az keeps nothing that can be read is told of without an end', async () => {
    const processes = fakeProcesses(printed([FIRST]));
    const ports = { ...exchangePorts(scripted().send), processes };
    const done = await loginCli(REQUEST, identities(CLAIMS), ports, recordingKeep(), new AbortController().signal);
    expect(done.credentials[0]).not.toHaveProperty('expiresAt');
  });
});

describe('the subscription', () => {
  it('that nobody named is not shown: mask-identifiers knows only what the user wrote', async () => {
    const { done } = await login([printed([FIRST])]);
    expect(done?.place).toBe('in the first subscription that it sees');
  });

  it('needs no second start where az took it by itself', async () => {
    const { done, processes } = await login([printed([FIRST, SECOND])], { subscriptionId: FIRST });
    expect([done?.place, processes.calls.length]).toEqual([`in subscription ${FIRST}`, 1]);
  });

  it('is set by a second start where az took another, in whatever case it was written', async () => {
    const { done, processes } = await login([printed([SECOND, FIRST]), {}], { subscriptionId: FIRST.toUpperCase() });
    expect(processes.calls[1]?.args).toEqual(['account', 'set', '--subscription', FIRST]);
    expect(done?.place).toContain(FIRST.toUpperCase());
  });

  it('that the identity does not see is a failure', async () => {
    const { failure } = await login([printed([SECOND])], { subscriptionId: FIRST });
    expect(failure?.id).toBe('azure/cli-subscription');
  });

  it('that cannot be set is one too', async () => {
    const { failure } = await login([printed([SECOND, FIRST]), { status: 1, errors: 'ERROR: no' }], {
      subscriptionId: FIRST,
    });
    expect(failure).toMatchObject({ id: 'azure/cli-failed', message: 'az account set failed (exit status 1)' });
  });
});

describe("Entra's refusal in az's words", () => {
  it.each([7002138, 50027, 90002, 7000112, 53003])(
    'is the failure of our own exchange, and final: AADSTS%d',
    async (code) => {
      const { failure, processes } = await login([refused(code)]);
      expect(failure).toMatchObject({
        id: 'azure/refused',
        evidence: {
          host: 'login.microsoftonline.com',
          code: `AADSTS${code}`,
          said: `AADSTS${code}: They say why.`,
          requestId: '9f50e569-0b3d-4253-8934-fcf795e5a9e7',
        },
      });
      expect(processes.calls).toHaveLength(1);
    },
  );

  it.each<[string, Partial<Ran>]>([
    ...[70021, 700211, 700212, 700213, 70025, 700016, 700024].map((code) => [`AADSTS${code}`, refused(code)] as const),
    ['503', TRACEBACK],
    [
      'a reset',
      { status: 1, errors: "ERROR: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))" },
    ],
  ] as [string, Partial<Ran>][])(
    'that may pass gets one more try, with a fresh token in an empty folder: %s',
    async (_, first) => {
      const { done, processes, tokens, ports, folder } = await login([first, printed([FIRST])]);
      expect(done?.folder).toBe('/temp/step/azure-cli-again');
      expect(processes.calls.map((call) => call.env.AZURE_CONFIG_DIR)).toEqual([
        '/temp/step/azure-cli',
        '/temp/step/azure-cli-again',
      ]);
      expect([tokens.renewals, ports.clock.sleeps]).toEqual([['cli'], [2_000]]);
      const token = (name: string) => folder.files.get(`/temp/step/${name}-identity-token`);
      expect(token('azure-cli')).not.toBe(token('azure-cli-again'));
      expect((await login([first, first])).processes.calls).toHaveLength(2);
    },
  );
});

describe('an az that is broken', () => {
  it.each<[string, Partial<Ran>, string, string | undefined]>([
    ['does not start', { how: 'not-started', code: 'EACCES' }, 'azure/cli-failed', undefined],
    ['hangs', { how: 'timeout' }, 'azure/cli-hung', undefined],
    ['prints without end', { how: 'too-large' }, 'azure/cli-bad-answer', undefined],
    ['fails without a word', { status: 1 }, 'azure/cli-failed', undefined],
    ['is killed', { status: -1 }, 'azure/cli-failed', undefined],
    [
      'misses a module',
      { status: 1, errors: "/usr/bin/python3: No module named 'azure'\n" },
      'azure/cli-failed',
      "/usr/bin/python3: No module named 'azure'",
    ],
    [
      'is too old',
      { status: 2, errors: 'ERROR: unrecognized arguments: --federated-token' },
      'azure/cli-failed',
      'unrecognized arguments: --federated-token',
    ],
    ['prints nothing', {}, 'azure/cli-bad-answer', undefined],
    ['prints no JSON', { output: 'hello' }, 'azure/cli-bad-answer', 'hello'],
    ['prints no list', { output: '{}' }, 'azure/cli-bad-answer', '{}'],
    ['prints an empty list', { output: '[]' }, 'azure/cli-bad-answer', '[]'],
    ['prints what is no account', { output: '[1, null, {}]' }, 'azure/cli-bad-answer', '[1, null, {}]'],
    ['is logged in as another', printed([FIRST], 'me@example.com'), 'azure/cli-bad-answer', undefined],
  ])('%s', async (_, ran, id, said) => {
    const { failure, keep } = await login([ran]);
    expect(failure?.id).toBe(id);
    expect(failure?.fixes.length).toBeGreaterThan(0);
    if (said !== undefined) expect(failure?.evidence.said).toBe(said);
    expect(keep.journal).toEqual([]);
  });

  it('says what is safe to print', async () => {
    const { failure } = await login([
      { status: 1, errors: `ERROR: \u001b[31m::stop-commands::x ##[debug] ${TOKEN}${'x'.repeat(500)}` },
    ]);
    expect(failure?.evidence.said).not.toMatch(/::|##\[|\p{Cc}|an-access-token/u);
    expect(failure?.evidence.said?.length).toBeLessThanOrEqual(300);
  });
});

describe('the whole exchange', () => {
  const token = () => answer(200, { token_type: 'Bearer', expires_in: 3599, access_token: TOKEN });
  const run = (wire: Reply, endings: readonly Ending[]) => {
    const processes = fakeProcesses(...endings);
    const ports = { ...exchangePorts(scripted(wire).send), processes };
    return { processes, ports, grant: exchange(REQUEST, identities(CLAIMS), ports, recordingKeep()) };
  };

  it('exports the folder', async () => {
    const grant = await run(token(), [printed([FIRST])]).grant;
    expect(grant.variables).toEqual([{ name: 'AZURE_CONFIG_DIR', value: '/temp/step/azure-cli' }]);
    expect(grant.outputs).toEqual([{ name: 'azure-config-dir', value: '/temp/step/azure-cli' }]);
    expect(grant.files).toEqual([]);
  });

  it("stops az when Entra refuses our own token, waits for it, and tells Entra's refusal", async () => {
    const refusal = answer(401, {
      error: 'invalid_client',
      error_description: 'AADSTS7000112: off.',
      error_codes: [7000112],
    });
    await expect(run(refusal, []).grant).rejects.toMatchObject({
      id: 'azure/refused',
      evidence: { code: 'AADSTS7000112' },
    });
  });

  it("tells az's failure where our own exchange went well", async () => {
    await expect(run(token(), [{ how: 'timeout' }]).grant).rejects.toMatchObject({ id: 'azure/cli-hung' });
  });

  it('stops az when another cloud has failed, and says so', async () => {
    const { grant, ports } = run(token(), []);
    ports.budget.abandon();
    await expect(grant).rejects.toMatchObject({ id: 'run/abandoned' });
  });
});

it('an az that is not there is told before anything is asked for', async () => {
  const nowhere = { ...fakeProcesses(), find: async () => undefined };
  await expect(findAz(nowhere)).rejects.toMatchObject({ id: 'azure/cli-missing' });
});
