// The lines of `vault-secrets` as requests (grammar: docs/vault-secrets.md). All problems of all lines are found, each with its line.
import { type Checked, Problems } from '../../core/checked.ts';
import { isRecord } from '../../core/http.ts';
import { stores } from './engine-paths.ts';
import { parseRequest, shown } from './secret-line.ts';
import { statementsOf, wordsOf } from './secret-words.ts';
import { nameOf, type Selector } from './selector.ts';

/** One line: a call, and what later steps get of its answer. Plain data. */
export interface SecretRequest {
  /** Number of the line it begins on, from 1; undefined: no line asked for it. */
  readonly line?: number;
  /** A write; left out: a read. */
  readonly method?: 'POST';
  readonly path: string;
  /** A version of a KV v2 secret. */
  readonly version?: number;
  /** JSON object of a write, as it was written. */
  readonly body?: string;
  /** Left out: a write of which nothing is exported. */
  readonly selector?: Selector;
  /** Name behind `|`: of the variable, or the prefix of a wildcard's. */
  readonly name?: string;
  readonly decode?: 'base64';
  /** The variable holds the path of a file with the value. */
  readonly file?: true;
}

/** The call as a user would write it, without its body: that may hold a secret. */
export function placeOf(secret: SecretRequest): string {
  const place = secret.version === undefined ? secret.path : `${secret.path}?version=${secret.version}`;
  return secret.method ? `${secret.method} ${place}` : place;
}

/** Equal for the lines that one call serves: bodies with the same members in another order are the same. */
export function callOf(secret: SecretRequest): string {
  return secret.method
    ? `${placeOf(secret)} ${JSON.stringify(sorted(JSON.parse(secret.body ?? '{}')))}`
    : placeOf(secret);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** Parses the whole input; each problem names its line. */
export function parseSecrets(text: string): Checked<readonly SecretRequest[]> {
  const problems = new Problems();
  const requests = statementsOf(wordsOf(text)).flatMap((statement) => {
    const request = parseRequest(statement);
    if (typeof request !== 'string') return [request];
    problems.add('inputs/invalid', `${at(statement[0]?.line ?? 1)}: ${request}`);
    return [];
  });
  refuseTwice(requests, problems);
  refuseUnordered(requests, problems);
  if (requests.length === 0 && problems.list.length === 0)
    problems.add(
      'inputs/invalid',
      'vault-secrets: holds no request. It takes lines such as: secret/data/app password | APP_PASSWORD',
    );
  return problems.list.length > 0 ? { ok: false, problems: problems.list } : { ok: true, value: requests };
}

const at = (...lines: readonly (number | undefined)[]) =>
  `vault-secrets, ${lines.length > 1 ? 'lines' : 'line'} ${lines.map((line) => line ?? 1).join(' and ')}`;
/** Names that two lines would set, as far as that can be known before the secrets are read: a wildcard's are not. */
function refuseTwice(requests: readonly SecretRequest[], problems: Problems): void {
  const lines = new Map<string, number>();
  for (const { selector, name, line = 1 } of requests) {
    if (selector?.kind !== 'keys') continue;
    const variable = name ?? nameOf(selector.written).toUpperCase();
    const before = lines.get(variable);
    if (before === undefined) lines.set(variable, line);
    else
      problems.add(
        'inputs/name-twice',
        `${at(before, line)}: ${variable} is named twice. Each line needs a name of its own.`,
      );
  }
}

/**
 * Calls of one step have no order. Where an engine makes something for each call (a certificate) that is no matter; where a secret is stored,
 * the last write would win, and a read give the one or the other.
 */
function refuseUnordered(requests: readonly SecretRequest[], problems: Problems): void {
  for (const [i, secret] of requests.entries()) {
    if (!secret.method || !stores(secret.path)) continue;
    const other = requests.find(
      (r, j) => r.path === secret.path && (r.method ? j < i && callOf(r) !== callOf(secret) : true),
    );
    if (!other) continue;
    problems.add(
      'inputs/invalid',
      other.method
        ? `${at(other.line, secret.line)}: ${shown(secret.path)} is written twice with different bodies, and calls of one step have no order. Write it once, or use a second step.`
        : `${at(...[other.line ?? 1, secret.line ?? 1].sort((a, b) => a - b))}: ${shown(secret.path)} is read and written, and calls of one step have no order. Use a second step for one of the two.`,
    );
  }
}
