import { type Delivery, deliver } from '../../src/core/deliver.ts';
import type { Grant } from '../../src/core/grant.ts';
import type { Cloud } from '../../src/core/input.ts';
import { openLedger } from '../../src/core/keep.ts';
import type { Files } from '../../src/core/ports.ts';
import { Secret } from '../../src/core/secret.ts';
import { stepFolder } from '../../src/core/step-folder.ts';
import { fixedRandom } from '../literals/random.ts';
import { type Entry, recordingRunner } from '../literals/runner.ts';

const END = Date.UTC(2026, 10, 25, 13, 0, 0);

function grant(cloud: Cloud, parts: Partial<Grant> = {}): Grant {
  return {
    cloud,
    credentials: [],
    variables: [],
    outputs: [],
    secretOutputs: [],
    files: [],
    remarks: [],
    warnings: [],
    ...parts,
  };
}
const secret = (value: string) => new Secret(value, 'secret');
const all = new Set<Cloud>(['aws', 'azure', 'gcp', 'vault']);
const none = new Set<Cloud>();

const aws = grant('aws', {
  variables: [
    { name: 'AWS_SECRET_ACCESS_KEY', value: secret('aws-secret') },
    { name: 'AWS_REGION', value: 'eu-west-1' },
  ],
  outputs: [{ name: 'aws-account-id', value: '123456789012' }],
  secretOutputs: [{ name: 'aws-secret-access-key', value: secret('aws-secret') }],
  expiresAt: END,
});
const azure = grant('azure', {
  variables: [{ name: 'AZURE_CLIENT_ID', value: 'client' }],
  secretOutputs: [{ name: 'azure-access-token', value: secret('azure-token') }],
  files: [
    {
      name: 'azure-identity-token',
      content: () => secret('jwt'),
      variables: ['AZURE_FEDERATED_TOKEN_FILE'],
      outputs: ['azure-token-file'],
    },
  ],
  expiresAt: END - 60_000,
});

/** Delivers, and gives back the journal of everything that left, in order. */
function delivered(
  grants: readonly Grant[],
  delivery: Partial<Delivery> = {},
  env: Record<string, string> = {},
  originals: Record<string, string> = {},
) {
  const journal: Entry[] = [];
  const runner = recordingRunner({ env, journal });
  const random = fixedRandom();
  const files: Files = {
    checkTemp: () => {},
    createFolder(name) {
      journal.push(['folder', name]);
      return `/temp/${name}`;
    },
    createFile(folder, name, content) {
      journal.push(['file', `${folder}/${name}`, content]);
    },
    replaceFile: () => {},
    removeFile: () => {},
    appendLine: () => {},
    readLines: () => [],
    findFolder: () => undefined,
    pathOf: (folder, name) => `${folder}/${name}`,
    original: (pointed, inHome) => ({ path: pointed ?? `/home/${inHome}`, text: originals[pointed ?? inHome] ?? '' }),
    createInner: (folder, name) => `${folder}/${name}`,
    readFile: () => undefined,
    removeFolder: () => true,
    guardCommandFiles: () => [],
    emptyCommandFiles: () => {},
  };
  const ledger = openLedger(runner, random);
  const opened = journal.length;
  const wanted = { exportEnv: all, outputCredentials: none, ...delivery };
  let thrown: unknown;
  try {
    deliver(grants, wanted, '{"version":1}', {
      runner,
      files,
      folder: stepFolder(files, random, ledger),
      random,
      ledger,
    });
  } catch (error) {
    thrown = error;
  }
  const since = journal.slice(opened);
  const last = (verb: string) => since.filter(([v]) => v === verb).at(-1)?.[1] as Record<string, string> | undefined;
  return {
    journal: since,
    thrown,
    environment: last('environment'),
    outputs: last('outputs'),
    debts: ledger.debts,
    runner,
  };
}

describe('delivery', () => {
  it('writes files first, then owes and writes variables, then outputs, each in one append', () => {
    const { journal } = delivered([aws, azure]);
    const verbs = journal.map(([verb]) => verb);
    expect(verbs.filter((v, i) => v !== verbs[i - 1])).toEqual([
      'save',
      'folder',
      'file',
      'save',
      'environment',
      'outputs',
    ]);
    expect(verbs.filter((v) => v === 'environment')).toHaveLength(1);
    expect(verbs.filter((v) => v === 'outputs')).toHaveLength(1);
  });

  it('owes the folder, by the name it will have, before it is made', () => {
    const { journal, debts } = delivered([azure]);
    const made = journal.find(([verb]) => verb === 'folder')?.[1];
    expect(debts[0]).toEqual({ by: 'step', kind: 'folder', data: { name: made } });
    expect(made).toMatch(/^workload-identity-[0-9a-f]{32}$/);
  });

  it('makes no folder where no file is wanted', () => {
    expect(delivered([aws]).journal.map(([verb]) => verb)).not.toContain('folder');
  });

  it('owes every variable with a fingerprint in place of its value', () => {
    const { debts, journal } = delivered([aws]);
    const owed = debts.filter((d) => d.kind === 'variable');
    expect(owed.map((d) => d.data.name)).toEqual(['AWS_SECRET_ACCESS_KEY', 'AWS_REGION']);
    expect(owed.every((d) => /^[0-9a-f]{64}$/.test(String(d.data.fingerprint)))).toBe(true);
    expect(JSON.stringify(journal.filter(([verb]) => verb === 'save'))).not.toContain('aws-secret');
  });

  it('remembers what a variable was, masked first where it may be secret', () => {
    const before = { AWS_SECRET_ACCESS_KEY: 'the-old-key', AWS_REGION: 'us-east-1' };
    const { debts, journal } = delivered([aws], {}, before);
    expect(debts.map((d) => d.data.before)).toEqual(['the-old-key', 'us-east-1']);
    expect(journal.filter(([verb]) => verb === 'mask')).toEqual([
      ['mask', 'the earlier AWS_SECRET_ACCESS_KEY', 'the-old-key'],
    ]);
    expect(journal.findIndex(([verb]) => verb === 'mask')).toBeLessThan(journal.findIndex(([verb]) => verb === 'save'));
  });

  it('says which variables may become empty afterwards', () => {
    const { debts } = delivered([aws]);
    expect(Object.fromEntries(debts.map((d) => [d.data.name, d.data.clear]))).toEqual({
      AWS_SECRET_ACCESS_KEY: true,
      AWS_REGION: false,
    });
  });

  it('gives the variables and outputs of a file its path', () => {
    const { environment, outputs } = delivered([azure]);
    expect(environment?.AZURE_FEDERATED_TOKEN_FILE).toMatch(
      /^\/temp\/workload-identity-[0-9a-f]{32}\/azure-identity-token$/,
    );
    expect(outputs?.['azure-token-file']).toBe(environment?.AZURE_FEDERATED_TOKEN_FILE);
  });

  it('tells a file where its neighbours are', () => {
    const content = (path: (name: string) => string) => `beside ${path('b')}`;
    const file = { name: 'a', content, variables: [], outputs: [] };
    const { journal } = delivered([grant('gcp', { files: [file] })]);
    expect(journal.find(([verb]) => verb === 'file')?.[2]).toMatch(
      /^beside \/temp\/workload-identity-[0-9a-f]{32}\/b$/,
    );
  });

  it('gives a file for docker actions, and the output that names it, the paths that such an action sees', () => {
    const files = [
      { name: 'token', content: () => secret('jwt'), variables: [], outputs: [] },
      {
        name: 'credentials',
        content: (path: (name: string) => string) => path('token'),
        variables: [],
        outputs: ['in-docker'],
        forDocker: true as const,
      },
    ];
    const { journal, outputs } = delivered([grant('gcp', { files })]);
    const folder = String(journal.find(([verb]) => verb === 'folder')?.[1]);
    expect(journal).toContainEqual(['file', `/temp/${folder}/credentials`, `/github/runner_temp/${folder}/token`]);
    expect(outputs?.['in-docker']).toBe(`/github/runner_temp/${folder}/credentials`);
  });

  it('always sets federated, report and the ends, the earliest first of all', () => {
    expect(delivered([aws, azure]).outputs).toEqual({
      federated: 'true',
      report: '{"version":1}',
      'expires-at': '2026-11-25T12:59:00Z',
      'aws-account-id': '123456789012',
      'aws-expires-at': '2026-11-25T13:00:00Z',
      'azure-expires-at': '2026-11-25T12:59:00Z',
      'azure-token-file': expect.any(String),
    });
  });

  it('sets no end where nothing ends', () => {
    expect(delivered([grant('vault')]).outputs).toEqual({ federated: 'true', report: '{"version":1}' });
  });

  it.each<[string, Partial<Delivery>, string[], string[]]>([
    ['nothing', { exportEnv: none }, [], []],
    ['AWS alone', { exportEnv: new Set(['aws']) }, ['AWS_REGION', 'AWS_SECRET_ACCESS_KEY'], []],
    ['Azure alone', { exportEnv: new Set(['azure']) }, ['AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE'], []],
    ['outputs of AWS', { exportEnv: none, outputCredentials: new Set(['aws']) }, [], ['aws-secret-access-key']],
    [
      'outputs of all',
      { exportEnv: none, outputCredentials: all },
      [],
      ['aws-secret-access-key', 'azure-access-token'],
    ],
  ])('exports what was asked for: %s', (_, delivery, variables, secrets) => {
    const { environment, outputs, debts } = delivered([aws, azure], delivery);
    expect(Object.keys(environment ?? {}).sort()).toEqual(variables);
    expect(['aws-secret-access-key', 'azure-access-token'].filter((n) => outputs?.[n])).toEqual(secrets);
    expect(
      debts
        .filter((d) => d.kind === 'variable')
        .map((d) => d.data.name)
        .sort(),
    ).toEqual(variables);
  });

  it('writes a file even where its variables are not exported, and puts its path out', () => {
    const { journal, outputs } = delivered([azure], { exportEnv: none });
    expect(journal.map(([verb]) => verb)).toContain('file');
    expect(outputs?.['azure-token-file']).toContain('azure-identity-token');
  });

  it('copies a file of the user from where it is, its secrets masked first, and gives its place back', () => {
    const file = {
      name: 'aws-config',
      copyOf: {
        variable: 'AWS_CONFIG_FILE',
        inHome: '.aws/config',
        heed: (text: string) => ({ secrets: [text.slice(-6)], remarks: ['a remark'] }),
      },
      content: (_: unknown, original = '') => `${original}, changed`,
      variables: ['AWS_CONFIG_FILE'],
      outputs: ['aws-config-file'],
    };
    const texts = { '.aws/config': 'at home SECRET', '/mine': 'mine MYSELF' };
    const copied = (env: Record<string, string>) => {
      const { journal } = delivered([grant('aws', { files: [file] })], {}, env, texts);
      const order = journal.map(([verb]) => verb);
      expect(order.indexOf('mask')).toBeLessThan(order.indexOf('file'));
      expect(journal).toContainEqual(['say', 'a remark']);
      const owed = journal.map((entry) => String(entry[2])).find((value) => value.includes('"AWS_CONFIG_FILE"'));
      return [journal.find(([verb]) => verb === 'file')?.[2], JSON.parse(owed ?? '{}').data?.before];
    };
    expect(copied({})).toEqual(['at home SECRET, changed', '/home/.aws/config']);
    expect(copied({ AWS_CONFIG_FILE: '/mine' })).toEqual(['mine MYSELF, changed', '/mine']);
  });

  it('never replaces a variable that is set by one whose name came from a wildcard', () => {
    const wild = grant('vault', { variables: [{ name: 'EDITOR', value: secret('from-vault'), ifAbsent: true }] });
    const kept = delivered([wild], {}, { EDITOR: 'vim' });
    expect(kept.environment).toEqual({});
    expect(kept.debts).toEqual([]);
    expect(kept.runner.of('warn').flat().join()).toContain('EDITOR');
    expect(delivered([wild]).environment).toEqual({ EDITOR: 'from-vault' });
  });
});

describe('two sources for one name', () => {
  const vault = (name: string) =>
    grant('vault', {
      variables: [{ name, value: secret('v') }],
      secretOutputs: [{ name: name.toLowerCase(), value: secret('v') }],
    });

  it.each<[string, Grant[], Partial<Delivery>]>([
    ['a variable of two clouds', [aws, vault('AWS_REGION')], {}],
    [
      'a variable of one cloud, twice',
      [grant('vault', { variables: [...vault('A').variables, ...vault('A').variables] })],
      {},
    ],
    ['a variable and a file', [azure, vault('AZURE_FEDERATED_TOKEN_FILE')], {}],
    ['an output of ours', [vault('REPORT')], { outputCredentials: all, exportEnv: none }],
    [
      'two outputs',
      [grant('vault', { secretOutputs: [...vault('A').secretOutputs, ...vault('A').secretOutputs] })],
      { outputCredentials: all },
    ],
  ])('are an error before anything is written: %s', (_, grants, delivery) => {
    const { thrown, journal, debts } = delivered(grants, delivery);
    expect(thrown).toMatchObject({ id: 'inputs/name-twice' });
    expect(journal).toEqual([]);
    expect(debts).toEqual([]);
  });

  it('do not disturb where only one of them is exported', () => {
    const { thrown, environment } = delivered([aws, vault('AWS_REGION')], { exportEnv: new Set(['vault']) });
    expect(thrown).toBeUndefined();
    expect(environment).toEqual({ AWS_REGION: 'v' });
  });
});

describe('variables that would win over ours', () => {
  it('are named in a warning, for the clouds that are exported', () => {
    const env = { AWS_PROFILE: 'x', AZURE_CLIENT_SECRET: 'y' };
    const said = (delivery: Partial<Delivery>) =>
      delivered([aws, azure], delivery, env).runner.of('warn').flat().join();
    expect(said({})).toMatch(/AWS_PROFILE[\s\S]*AZURE_CLIENT_SECRET/);
    expect(said({ exportEnv: new Set(['aws']) })).not.toContain('AZURE_CLIENT_SECRET');
    expect(said({ exportEnv: none })).toBe('');
  });
});
