// One line of `vault-secrets`: its words as a request, or what is wrong with them, as the rest of a sentence.
import { isRecord } from '../../core/http.ts';
import { nameFault } from '../../core/names.ts';
import { parsePath, writeFault } from './secret-path.ts';
import { isMethod, type Word } from './secret-words.ts';
import type { SecretRequest } from './secrets.ts';
import { parseSelector } from './selector.ts';

/** A word in a message: up to where it may hold a value, since a body that is quoted wrongly can stand anywhere. */
export function shown(text: string): string {
  const safe = text.split(/[{['"=]/, 1)[0] ?? '';
  return `"${safe.slice(0, 80)}${safe.length < text.length || safe.length > 80 ? '…' : ''}"`;
}
const FORM = 'A request is: path selector | NAME, or: POST path {"json": "body"} selector | NAME';

/** The request, or what is wrong with it. */
export function parseRequest(statement: readonly Word[]): SecretRequest | string {
  const open = statement.find((word) => word.kind === 'open');
  if (open) return /^[{[]/.test(open.text) ? 'a JSON body is not closed.' : 'a quote is not closed.';
  const words = [...statement];
  const line = words[0]?.line ?? 1;
  const method = isMethod(words[0]) ? methodOf(words.shift()?.text ?? '') : undefined;
  if (method?.wrong) return method.wrong;
  const path = words.shift();
  if (path?.kind !== 'word' && path?.kind !== 'quoted') return `has no path. ${FORM}`;
  const place = parsePath(path.text);
  if (typeof place === 'string') return `${shown(path.text)} ${place}`;
  const fault = method?.writes && writeFault(place);
  if (fault) return `${shown(path.text)} ${fault}`;
  const body = words[0]?.kind === 'body' ? words.shift()?.text : undefined;
  const bodyWrong = body === undefined ? undefined : bodyFault(body, method?.writes === true);
  if (bodyWrong) return bodyWrong;
  const rest = parseTarget(words, path.text, method?.writes === true);
  if (typeof rest === 'string') return rest;
  return {
    line,
    ...(method?.writes && { method: 'POST' as const }),
    ...place,
    ...(body !== undefined && { body }),
    ...rest,
  };
}

interface Method {
  readonly writes: boolean;
  readonly wrong?: string;
}

function methodOf(text: string): Method {
  if (text === 'GET') return { writes: false };
  if (text === 'POST' || text === 'PUT') return { writes: true };
  const upper = text.toUpperCase();
  const known = upper === 'GET' || upper === 'POST' || upper === 'PUT';
  return {
    writes: false,
    wrong: known
      ? `${shown(text)} is a method in small letters: write ${upper}.`
      : `the method ${upper} is not taken, only GET (which may be left out), POST and PUT. Use the CLI of Vault in a later step, with vault-export-token.`,
  };
}

/** The text is never repeated: it may hold a secret. */
function bodyFault(body: string, writes: boolean): string | undefined {
  if (!writes) return 'has a JSON body, but a read takes none: write POST before the path.';
  try {
    return isRecord(JSON.parse(body)) ? undefined : 'the body is not a JSON object: it takes {"name": "value"}.';
  } catch {
    return 'the body is not JSON: it takes {"name": "value"}, with names and texts in double quotes and no comma at the end.';
  }
}

type Target = Pick<SecretRequest, 'selector' | 'name' | 'decode' | 'file'>;

/** What stands behind path and body: selector, modifiers, and the name behind `|`, with the modifiers before or after it. */
function parseTarget(words: readonly Word[], path: string, writes: boolean): Target | string {
  const [first, ...others] = words;
  if (!first) return writes ? {} : `${shown(path)} has no selector. ${FORM}`;
  if (first.kind === 'body') return `more than one JSON body, or one that does not follow the path. ${FORM}`;
  if (first.kind === 'bar') return `${shown(path)} has no selector before |. ${FORM}`;
  const selector = parseSelector(first.text, first.kind === 'quoted');
  if (typeof selector === 'string')
    return `${shown(first.text)} ${selector}${writes ? ' What is sent stands behind the path, as JSON and without quotes around it: {"name": "value"}.' : ''}`;
  const bar = others.findIndex((word) => word.kind === 'bar');
  const before = modifiers(bar < 0 ? others : others.slice(0, bar));
  if (typeof before === 'string') return before;
  if (bar < 0) return before.file && selector.kind === 'all' ? PREFIX : { selector, ...before };
  const [name, ...behind] = others.slice(bar + 1);
  if (name?.kind !== 'word') return `has no name behind |. ${FORM}`;
  const fault = nameFault(name.text, true);
  if (fault) return `${name.text} ${fault}.`;
  const after = modifiers(behind);
  if (typeof after === 'string') return after;
  if ((before.decode && after.decode) || (before.file && after.file)) return 'a modifier stands there twice.';
  return { selector, name: name.text, ...before, ...after };
}

/** What a wildcard names must not replace a variable that is set, and a file's variable is always set. */
const PREFIX = 'each key as a file takes a prefix for their names: * as file | PREFIX_';

/** `decode base64` and `as file`, each at most once, in any order. */
function modifiers(words: readonly Word[]): Pick<Target, 'decode' | 'file'> | string {
  const text = words.map((word) => (word.kind === 'word' || word.kind === 'bar' ? word.text : '…')).join(' ');
  switch (text) {
    case '':
      return {};
    case 'decode base64':
      return { decode: 'base64' };
    case 'as file':
      return { file: true };
    case 'decode base64 as file':
    case 'as file decode base64':
      return { decode: 'base64', file: true };
  }
  if (/^decode(?! base64$)/.test(text)) return 'decode takes base64, and nothing else: decode base64.';
  if (/^as(?! file$)/.test(text)) return 'as takes file, and nothing else: as file.';
  return `is not of the form: path selector | NAME. Behind the selector stands ${shown(text)}; a key with spaces is quoted, and each request ends with ; or its line.`;
}
