import { nameFault } from '../../src/core/names.ts';

/** Every entry of the security model's list; a star stands for anything. */
const REFUSED = [
  ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'DYLD_INSERT_LIBRARIES'],
  ...['PATH', 'PATHEXT', 'HOME', 'SHELL', 'COMSPEC', 'ENV', 'BASH_ENV', 'BASH_FUNC_X', 'IFS', 'PS4', 'PROMPT_COMMAND'],
  ...['PYTHONPATH', 'PYTHONSTARTUP', 'PYTHONHOME', 'PERL5LIB', 'PERL5OPT', 'RUBYOPT', 'RUBYLIB'],
  ...['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS'],
  ...[
    'GIT_SSH',
    'GIT_SSH_COMMAND',
    'GIT_ASKPASS',
    'GIT_CONFIG',
    'GIT_CONFIG_GLOBAL',
    'GIT_CONFIG_KEY_0',
    'GIT_EXEC_PATH',
  ],
  ...[
    'GIT_EXTERNAL_DIFF',
    'GIT_PROXY_COMMAND',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'ALL_PROXY',
  ],
  ...['NO_PROXY', 'REQUESTS_CA_BUNDLE', 'AWS_CA_BUNDLE', 'CA_BUNDLE', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS'],
  ...['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'TF_CLI_ARGS', 'TF_CLI_CONFIG_FILE', 'DOCKER_HOST', 'DOCKER_CONFIG'],
  ...['RUNNER_TEMP', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'INPUT_X', 'STATE_X'],
];
const mixed = (name: string) => [...name].map((c, i) => (i % 2 ? c.toLowerCase() : c)).join('');

describe('names that decide what later steps run', () => {
  it.each(REFUSED.flatMap((name) => [name, name.toLowerCase(), mixed(name)]))(
    '%s is refused on every route',
    (name) => {
      expect(nameFault(name, true)).toBeDefined();
      expect(nameFault(name, false)).toBeDefined();
    },
  );
});

describe("GitHub's own names", () => {
  it.each([
    ['GITHUB_TOKEN', true, true],
    ['github_token', true, true],
    ['GITHUB_APP_TOKEN', true, true],
    ['GITHUB_TOKEN', false, false],
    ['GITHUB_ENV', true, false],
    ['GITHUB_PATH', true, false],
    ['GITHUB_REPOSITORY', true, false],
    ['github_output', false, false],
    ['GITHUB_TOKEN_FILE', true, false],
    ['MY_GITHUB', true, true],
    ['MY_GITHUB', false, true],
    ['GITHUBTOKEN', false, true],
    ['GH_TOKEN', false, true],
  ])('%s, written behind |: %s, is taken: %s', (name, explicit, taken) => {
    expect(nameFault(name, explicit) === undefined).toBe(taken);
  });
});

describe('the form of a name', () => {
  it.each([
    'A',
    '_',
    'a1',
    'DB_PASSWORD',
    'NODE',
    'NODES_X',
    'MY_PATH',
    'PATHS',
    'HOMEPAGE',
    'PERL',
    'GITHUB',
    'ENVIRONMENT',
    'APP_STATE_X',
  ])('%s is taken', (name) => {
    expect(nameFault(name, false)).toBeUndefined();
  });
  it.each(['', '1A', 'A-B', 'A.B', 'A B', 'A=B', 'A\nB', 'A\n', 'Ä', 'A<<B', 'A%B', 'ｆｕｌｌ', 'ſ'])(
    '%j is refused',
    (name) => {
      expect(nameFault(name, true)).toContain('not a name');
    },
  );
});
