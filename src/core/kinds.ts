// The kinds of input that every provider uses. A kind accepts the whole text or nothing (INVARIANTS 5): patterns are anchored here, once.
import { CLOUDS, type Cloud, type Kind } from './input.ts';

/** Text without control characters. */
export const text: Kind<string> = {
  takes: 'a text without control characters',
  parse: (given) => (/\p{Cc}/u.test(given) ? undefined : given),
};

/** Strict: `yes`, `1` and `True` are refused, since a peer read them as true and as false. */
export const boolean: Kind<boolean> = {
  takes: 'true or false',
  parse: (given) => (given === 'true' ? true : given === 'false' ? false : undefined),
};

/** A text that matches `pattern` from its first to its last character. */
export function matching(pattern: RegExp, takes: string, longest = 2048): Kind<string> {
  let whole: RegExp | undefined; // made when it is wanted: of all inputs' patterns, a step needs a few
  return {
    takes,
    parse(given) {
      whole ??= new RegExp(`^(?:${pattern.source})$`, pattern.flags);
      return given.length <= longest && whole.test(given) ? given : undefined;
    },
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    takes: choices.length === 1 ? `${choices[0]}` : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
    parse: (given) => choices.find((choice) => choice === given),
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/** Seconds, from `900`, `900s`, `15m` or `1h`; both bounds are inclusive and in seconds. */
export function duration(least: number, most: number): Kind<number> {
  return {
    takes: `a duration from ${spoken(least)} to ${spoken(most)}, written as 900, 900s, 15m or 1h`,
    parse(given) {
      const [, digits, unit] = /^(\d{1,9})([smh]?)$/.exec(given) ?? [];
      if (digits === undefined || unit === undefined) return undefined;
      const seconds = Number(digits) * (UNITS[unit] ?? Number.NaN);
      return seconds >= least && seconds <= most ? seconds : undefined;
    },
  };
}

/** `3600` → `1h`, `900` → `15m`, `90` → `90s`. */
export function spoken(seconds: number): string {
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds > 0 && seconds % 60 === 0) return `${seconds / 60}m`;
  return `${seconds}s`;
}

/** One item a line, or separated by `comma`; every item of the given kind, no empty list. `comma`: one that no item can hold. */
export function list<T>(item: Kind<T>, comma = /,/): Kind<readonly T[]> {
  return {
    takes: `a list, one item a line or separated by commas, each ${item.takes}`,
    parse(given) {
      const texts = given
        .split('\n')
        .flatMap((line) => line.split(comma))
        .map((t) => t.trim());
      const items = texts.filter((t) => t !== '').map((t) => item.parse(t));
      return items.length > 0 && items.every((i) => i !== undefined) ? (items as T[]) : undefined;
    },
  };
}

/** A JSON object, kept as the text that was given (what is sent is what was written). */
export const jsonObject: Kind<string> = {
  takes: 'a JSON object',
  parse(given) {
    try {
      const value: unknown = JSON.parse(given);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? given : undefined;
    } catch {
      return undefined;
    }
  },
};

/** `true`: every cloud; `false`: none; else the clouds that are named. */
export const clouds: Kind<ReadonlySet<Cloud>> = {
  takes: `true, false, or a list of ${CLOUDS.join(', ')}`,
  parse(given) {
    if (given === 'true') return new Set(CLOUDS);
    if (given === 'false') return new Set();
    const named = list(oneOf(...CLOUDS)).parse(given);
    return named && new Set(named);
  },
};

/**
 * An https URL without user info, query or fragment (INVARIANTS 5, 6); plain http only to a literal loopback address.
 * Gives origin and path, without a slash at the end.
 */
export const httpsUrl: Kind<string> = {
  takes: 'an https URL without user name, query or fragment',
  parse(given) {
    if (!URL.canParse(given) || /[\s\\]/.test(given)) return undefined;
    const url = new URL(given);
    if (url.username || url.password || url.search || url.hash || /[?#@]/.test(given)) return undefined;
    if (url.protocol !== 'https:' && !isLoopbackHttp(url)) return undefined;
    if (/(^|\/)\.{1,2}(\/|$)|%/.test(given)) return undefined;
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  },
};

/** Plain http is for a literal loopback address only: nothing on the way can read it. */
export function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && /^(127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

/** PEM blocks as text or its base64, or the path of a file that holds some. What it holds is checked where it is read. */
export function pemOf(what: string): Kind<string> {
  return {
    takes: `${what} in PEM: the text itself, its base64, or the path of a file`,
    parse: (given) => (given.includes('-----BEGIN ') || encoded(given) || !/[\r\n]/.test(given) ? given : undefined),
  };
}
export const pem = pemOf('certificates');

/** Base64 of PEM, also in lines: it begins with that of its five dashes. */
function encoded(given: string): boolean {
  return /^LS0tLS1CRUdJTi[A-Za-z0-9+/\s]+={0,2}\s*$/.test(given);
}
