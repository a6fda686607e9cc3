// What a line of `vault-secrets` selects from its secret, and the name that a key gets where the line has none.

export type Selector =
  | { readonly kind: 'all'; readonly keepCase: boolean }
  /** `keys` leads from the secret's data to the value; `written` is the selector without quotes, which may also be one key. */
  | { readonly kind: 'keys'; readonly keys: readonly string[]; readonly written: string };

/** What JSONata has and keys have not; a key that holds such a character is quoted. */
const JSONATA = /[$[\](){}^<>=!&,+?%'*]|\.\.|^\.|\.$/;

/** A key, a dotted way to one, or a wildcard; or what is wrong, as the rest of a sentence. `quoted`: it is one key, whatever is in it. */
export function parseSelector(text: string, quoted: boolean): Selector | string {
  if (quoted) return text === '' ? 'is an empty key.' : { kind: 'keys', keys: [text], written: text };
  if (text === '*' || text === '**') return { kind: 'all', keepCase: text === '**' };
  const bare = text.replace(/"[^"]*"|`[^`]*`/g, '"');
  if (JSONATA.test(bare)) {
    return 'is JSONata; only keys, dotted keys (data.key), "quoted keys", * and ** are taken. Select a key and pick from it in a later step, with jq for instance.';
  }
  if (/[^.]"|"[^.]/.test(bare)) return 'has quotes in the middle of a key: put all of the key into them.';
  const parts = [...text.matchAll(/"([^"]*)"|`([^`]*)`|([^."`]+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
  if (parts.includes('')) return 'holds an empty key.';
  return { kind: 'keys', keys: parts, written: text.replace(/["`]/g, '') };
}

/** vault-action's normalisation of a key: `.` becomes `__`, everything but letters, digits and `_` goes. The caller decides about the case. */
export function nameOf(key: string): string {
  return key.replaceAll('.', '__').replace(/[^\p{L}\p{N}_]/gu, '');
}
