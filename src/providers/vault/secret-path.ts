// The path of a line of `vault-secrets`: nothing in it may lead elsewhere on the server (INVARIANTS 5), and no write where tokens are made (17).

export interface Path {
  readonly path: string;
  /** A version of a KV v2 secret. */
  readonly version?: number;
}

/** Path and version; or what is wrong, as the rest of a sentence. */
export function parsePath(text: string): Path | string {
  const [path = '', query, ...more] = text.replace(/^\/+/, '').split('?');
  const version = query === undefined ? undefined : /^version=([1-9]\d{0,8})$/.exec(query)?.[1];
  if (more.length > 0 || (query !== undefined && version === undefined))
    return 'has a query; only ?version=NUMBER is taken.';
  const segments = path.split('/');
  if (/[%#\\"`{}[\]]|\p{Cc}/u.test(path) || segments.some((s) => s === '' || s === '.' || s === '..')) {
    return 'is not a path: it may not hold %, #, \\, quotes, brackets, empty segments, . or ..';
  }
  if (segments.length < 2) return 'is not a path: it takes a mount and a name, such as secret/data/app.';
  return { path, ...(version && { version: Number(version) }) };
}

/**
 * Why nothing may be written there; undefined: it may. A namespace can stand in front of `sys/`, `auth/` and `identity/`, so they are looked for
 * everywhere but among the names of a KV v2 store (`secret/data/auth/app`).
 */
export function writeFault({ path, version }: Path): string | undefined {
  if (version !== undefined) return 'has a version, but what is written becomes a new one: remove ?version=.';
  const segments = path.split('/');
  const store = segments.indexOf('data');
  const places = store > 0 ? segments.slice(0, store) : segments;
  const closed = places.find((segment) => /^(sys|auth|identity)$/.test(segment));
  return closed
    ? `is not written to: what is made under ${closed}/ outlives the step, and nothing would end it. Have it made by whoever administers the server.`
    : undefined;
}
