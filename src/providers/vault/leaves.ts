// The secret texts of an answer, however deep: each is masked the moment the answer is there (INVARIANTS 2).
import { isRecord } from '../../core/http.ts';
import { type Engine, isSecret } from './engines.ts';
import { isRaw } from './exact-json.ts';
import type { Data } from './pick.ts';

/** Every text that is secret in an answer, however deep; what a JSON text or a base64 of one holds, too. */
export function secretLeaves(engine: Engine, data: Data): string[] {
  return Object.entries(data)
    .filter(([field]) => isSecret(engine, field))
    .flatMap(([field, value]) => [...leavesOf(value), ...(field === 'plaintext' ? decodedText(value) : [])]);
}

/** Transit gives its plaintext as base64: what that says is the secret. */
function decodedText(value: unknown): string[] {
  const text = typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';
  return text === '' || text.includes('\ufffd') ? [] : [text];
}

export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value, ...within(value)];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isRecord(value) && !isRaw(value) ? Object.values(value).flatMap(leavesOf) : [];
}

/** Members that a key file has beside its secrets; a mask for a project's name would black out more than it hides. */
const TELLING = /^(?!.*_(id|ur[il])$).*(key|secret|passw|pwd|token|credential|private)/i;

/** The secrets inside a text that is a JSON document, or the base64 of one: a service account's key above all. */
function within(text: string): string[] {
  const plain = /^\s*\{/.test(text) ? text : /^ey|^ew/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '';
  if (!/^\s*\{/.test(plain)) return [];
  try {
    const document: unknown = JSON.parse(plain);
    return isRecord(document) ? [...(plain === text ? [] : [plain]), ...telling(document)] : [];
  } catch {
    return [];
  }
}

function telling(document: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(document).flatMap(([name, value]) => {
    if (isRecord(value)) return telling(value);
    return typeof value === 'string' && TELLING.test(name) ? [value] : [];
  });
}
