import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drift } from '../../scripts/build.ts';
import { ROOT } from './source-files.ts';

const DIST = join(ROOT, 'dist');
const scripts = () =>
  readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.js'))
    .map((e) => join(e.parentPath, e.name));

/** Specifiers of a minified module's static, dynamic and CommonJS imports, as esbuild writes them; not `[require("x")]`, which an error text says. */
function specifiers(code: string): string[] {
  const forms = [/\b(?:from|import)"([^"\n]+)"/g, /\bimport\("([^"\n]+)"\)/g, /(?<![.\w$[])require\("([^"\n]+)"\)/g];
  return forms.flatMap((form) => [...code.matchAll(form)].map((m) => m[1] ?? ''));
}
const isBuiltin = (name: string) => name.startsWith('node:') || builtinModules.includes(name);

it('is what the sources build', async () => {
  expect(await drift()).toEqual([]);
});

describe('what dist imports', () => {
  it('is its own chunks, and builtins of Node', () => {
    const foreign = scripts().flatMap((file) =>
      specifiers(readFileSync(file, 'utf8'))
        .filter((s) => !s.startsWith('./') && !s.startsWith('../') && !isBuiltin(s))
        .map((s) => `${file.slice(DIST.length)}: ${s}`),
    );
    expect(foreign).toEqual([]);
  });

  it('is there: every chunk that is named', () => {
    const missing = scripts().flatMap((file) =>
      specifiers(readFileSync(file, 'utf8'))
        .filter((s) => s.startsWith('.'))
        .map((s) => join(dirname(file), s))
        .filter((target) => !existsSync(target)),
    );
    expect(missing).toEqual([]);
  });

  it('is no http module by import, which would load undici', () => {
    const http = scripts().filter((file) =>
      specifiers(readFileSync(file, 'utf8')).some((s) => /^(node:)?https?$/.test(s)),
    );
    expect(http).toEqual([]);
  });

  it('holds no second require', () => {
    const second = scripts().filter((file) => /createRequire\s*\(/.test(readFileSync(file, 'utf8')));
    expect(second).toEqual([]);
  });
});

describe('a hostile machine', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hostile-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Bare names that the bundled packages are known to look for, and everything that package.json depends on. */
  const names = () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const optional = [
      'supports-color',
      'debug',
      'encoding',
      'aws-crt',
      '@aws-sdk/signature-v4-crt',
      'bufferutil',
      'utf-8-validate',
      'undici',
      'keytar',
      'tslib',
      'ms',
      'semver',
      'node-fetch',
    ];
    return [...Object.keys(dependencies), '@actions/http-client', '@actions/exec', ...optional];
  };

  /** A node_modules in which every package, however it is asked for, leaves a mark. */
  function plant(folder: string, mark: string): void {
    for (const name of names()) {
      const at = join(folder, name);
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '9.9.9', main: 'index.js' }));
      writeFileSync(
        join(at, 'index.js'),
        `require('node:fs').appendFileSync(${JSON.stringify(mark)}, ${JSON.stringify(`${at}\n`)});`,
      );
    }
  }

  /** dist as the runner lays it out, in a folder whose parents, HOME, NODE_PATH and working directory are planted. */
  function run(entry: string, env: Record<string, string>) {
    const mark = join(root, 'mark');
    const action = join(root, '_actions/org/repo/v1');
    mkdirSync(action, { recursive: true });
    cpSync(DIST, join(action, 'dist'), { recursive: true });
    const home = join(root, 'home');
    const work = join(root, 'work');
    plant(join(root, '_actions/node_modules'), mark);
    plant(join(home, '.node_modules'), mark);
    plant(join(home, '.node_libraries'), mark);
    plant(join(work, 'node_modules'), mark);
    plant(join(root, 'node-path'), mark);
    const files = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];
    for (const name of files) writeFileSync(join(root, name), '');
    const result = spawnSync(process.execPath, [join(action, 'dist', entry)], {
      cwd: work,
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL', // SIGTERM is a cancel, which it outlives for a while
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        USERPROFILE: home,
        NODE_PATH: join(root, 'node-path'),
        RUNNER_TEMP: root,
        ...Object.fromEntries(files.map((name) => [name, join(root, name)])),
        ...env,
      },
    });
    return { ...result, marked: existsSync(mark) ? readFileSync(mark, 'utf8') : '' };
  }

  const INPUTS = {
    'INPUT_AWS-ROLE-ARN': 'arn:aws:iam::123456789012:role/deploy',
    'INPUT_AWS-REGION': 'eu-west-1',
    'INPUT_AZURE-CLIENT-ID': '11111111-1111-4111-8111-111111111111',
    'INPUT_AZURE-TENANT-ID': '22222222-2222-4222-8222-222222222222',
    'INPUT_GCP-WORKLOAD-IDENTITY-PROVIDER':
      'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org',
    'INPUT_VAULT-URL': 'https://127.0.0.1:9',
    'INPUT_VAULT-SECRETS': 'secret/data/app password | APP',
    INPUT_TIMEOUT: '10s',
  };
  /** All four exchanges are loaded, whatever becomes of the tokens. */
  const ENDPOINT = {
    ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/?x=1',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
  };

  it.each<[string, string, Record<string, string>]>([
    ['main without inputs', 'main.js', {}],
    ['main of all four clouds, every chunk loaded', 'main.js', { ...INPUTS, ...ENDPOINT }],
    [
      'main with debug switches',
      'main.js',
      { ...INPUTS, ...ENDPOINT, DEBUG: '*', NODE_DEBUG: 'http,tls', AZURE_LOG_LEVEL: 'verbose' },
    ],
    ['post with nothing owed', 'post.js', {}],
    ['post with a token owed', 'post.js', owed()],
  ])('is not listened to: %s', (_, entry, env) => {
    const { marked, stderr, signal } = run(entry, env);
    expect(marked).toBe('');
    expect(stderr).toBe('');
    expect(signal).toBeNull();
  });

  it('would be noticed: the marks work', () => {
    const mark = join(root, 'mark');
    plant(join(root, 'node_modules'), mark);
    writeFileSync(join(root, 'a.cjs'), "require('supports-color')");
    spawnSync(process.execPath, [join(root, 'a.cjs')], { cwd: root });
    expect(readFileSync(mark, 'utf8')).toContain('supports-color');
  });

  function owed(): Record<string, string> {
    const nonce = '0123456789abcdef'.repeat(2);
    const record = (by: string, kind: string, data: object) => JSON.stringify({ nonce, by, kind, data });
    return {
      STATE_WORKLOAD_IDENTITY: nonce,
      STATE_WORKLOAD_IDENTITY_1: record('step', 'settings', {
        key: nonce,
        revoke: true,
        'vault-url': 'https://127.0.0.1:9',
      }),
      STATE_WORKLOAD_IDENTITY_2: record('vault', 'token', { token: 'hvs.token-of-a-test', type: 'service' }),
    };
  }
});
