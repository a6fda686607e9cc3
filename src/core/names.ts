// Names for what `vault-secrets` exports. A secret's name can come from the store (a wildcard): it must not become PATH or NODE_OPTIONS of
// later steps (INVARIANTS 10).

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Variables that decide what later steps run, whom they trust or whom they talk to; compared without case. */
const REFUSED: readonly RegExp[] = [
  /^(NODE|LD|DYLD|BASH_FUNC|TF_CLI|RUNNER|ACTIONS|INPUT|STATE|AWS_CONTAINER|SSL_CERT)_/,
  /^(PATH|PATHEXT|HOME|SHELL|COMSPEC|ENV|BASH_ENV|IFS|PS4|PROMPT_COMMAND)$/,
  /^(PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS)$/,
  /^PERL5/,
  /^(GIT_SSH|GIT_CONFIG)/,
  /^(GIT_ASKPASS|GIT_EXEC_PATH|GIT_EXTERNAL_DIFF|GIT_PROXY_COMMAND)$/,
  /_PROXY$/,
  /CA_BUNDLE$/,
  /^AWS_ENDPOINT_URL/,
  /^(DOCKER_HOST|DOCKER_CONFIG)$/,
];
/** GitHub's own names are its own, but for tokens, which workflows do name after `|`. */
const GITHUB = /^GITHUB_/;
const TOKEN = /_TOKEN$/;

/** Why a name may not be exported; undefined: it may. `explicit`: the user wrote it behind `|`. */
export function nameFault(name: string, explicit: boolean): string | undefined {
  if (!NAME.test(name))
    return 'is not a name that an environment variable can have (letters, digits and _, no digit first)';
  const upper = name.toUpperCase();
  if (REFUSED.some((pattern) => pattern.test(upper)))
    return 'is a variable that decides what later steps run or whom they trust';
  if (GITHUB.test(upper) && !(explicit && TOKEN.test(upper))) return 'belongs to GitHub';
  return undefined;
}
