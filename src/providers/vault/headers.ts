// `vault-headers`: one `name: value` a line. What would name another caller, another namespace, or another message is refused (INVARIANTS 17).
import type { Kind } from '../../core/input.ts';

export type Headers = Readonly<Record<string, string>>;

const REFUSED =
  /^(x-vault-(token|namespace|wrap-.*|request|inline-auth.*)|host|content-.*|transfer-encoding|proxy-.*|connection|keep-alive|te|trailer|upgrade|expect|accept-encoding)$/;

export const headerLines: Kind<Headers> = {
  takes:
    'lines of `name: value`, without X-Vault-Token, X-Vault-Namespace, Host, Content-*, Proxy-* and what belongs to the connection',
  parse(given) {
    const lines = given.split(/\r?\n/).map((line) => line.trim());
    const pairs = lines.filter((line) => line !== '').map(pairOf);
    if (pairs.length === 0 || pairs.some((pair) => pair === undefined)) return undefined;
    const headers: Record<string, string> = Object.create(null);
    for (const [name, value] of pairs as [string, string][])
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    return headers;
  },
};

/** Lower case, as the wire takes it; a value in visible ASCII (RFC 9110, 5.5). */
function pairOf(line: string): [string, string] | undefined {
  const [, name = '', value = ''] =
    /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*([\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)$/.exec(line) ?? [];
  return name === '' || REFUSED.test(name.toLowerCase()) ? undefined : [name.toLowerCase(), value];
}

/** What has to be masked: each value, and behind a scheme (`Bearer x`) the credential alone. */
export function headerSecrets(headers: Headers): string[] {
  return Object.values(headers).flatMap((value) => {
    const credential = /^[A-Za-z]+ +(\S+)$/.exec(value)?.[1];
    return credential === undefined ? [value] : [value, credential];
  });
}
