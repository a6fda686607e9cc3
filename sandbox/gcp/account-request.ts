// A call to the IAM Service Account Credentials API, read strictly: path, JSON fields, delegates, durations.
import type { Call, Reply } from '../service.ts';
import { invalidArgument } from './refusal.ts';

export interface AccountCall {
  /** Address or unique id, as the path has it. */
  readonly account: string;
  /** `generateAccessToken`, `generateIdToken`, `signJwt`, `allowedLocations`. */
  readonly method: string;
}

/** Undefined: not a path of this API. The project is always the wildcard `-`; its id or number is refused. */
export function accountCall(call: Call): AccountCall | Reply | undefined {
  const [, project, rest] = /^\/v1\/projects\/([^/]+)\/serviceAccounts\/([^/].*)$/.exec(call.url.pathname) ?? [];
  const [, name, method] = /^([^/:]+)[:/](\w+)$/.exec(rest ?? '') ?? [];
  if (project === undefined || name === undefined || method === undefined) return undefined;
  if (project !== '-') return invalidArgument();
  const account = name.replaceAll(/%40/gi, '@');
  if (/^\d+$/.test(account) || /^[^@\s]+@[^@\s]+$/.test(account)) return { account, method };
  return invalidArgument(
    `Invalid form of account ID ${account}. Should be [Gaia ID |Email |Unique ID |] of the account`,
  );
}

export type Fields = Readonly<Record<string, unknown>>;

/** The body's fields; `null` counts as absent. Unknown names are refused, as Google's JSON reader does. */
export function fieldsOf(call: Call, known: readonly string[]): Fields | Reply {
  let body: unknown;
  try {
    body = JSON.parse(call.body === '' ? '{}' : call.body);
  } catch {
    return invalidArgument('Invalid JSON payload received. Unexpected token.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return invalidArgument('Invalid JSON payload received. Unknown name "": Root element must be a message.');
  }
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return invalidArgument(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
  }
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** Accounts between the caller and the target, in the form `projects/-/serviceAccounts/ACCOUNT`; no other is taken. */
export function delegatesOf(fields: Fields): readonly string[] | Reply {
  const delegates = stringsOf(fields.delegates ?? []);
  const names = delegates?.map((d) => /^projects\/-\/serviceAccounts\/([^/\s]+)$/.exec(d)?.[1]);
  if (!names || names.includes(undefined)) return invalidArgument();
  return names.filter((name) => name !== undefined);
}

/** Undefined for anything but a list of strings. */
export function stringsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => typeof item === 'string') ? value : undefined;
}

/** Seconds of a protobuf Duration (`900s`); `fallback` where the field is absent. */
export function durationOf(value: unknown, fallback: number): number | Reply {
  if (value === undefined) return fallback;
  const [, seconds] = /^(-?\d{1,12}(?:\.\d{1,9})?)s$/.exec(typeof value === 'string' ? value : '') ?? [];
  if (seconds !== undefined) return Number(seconds);
  return invalidArgument(
    `Invalid value at 'lifetime' (type.googleapis.com/google.protobuf.Duration), ${JSON.stringify(value)}`,
  );
}

/** Tells a refusal from what was read. */
export function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'status' in value && typeof value.status === 'number';
}
