// Where a client wants to go: the authority form of CONNECT and the absolute form of plain requests, read without trusting either.

export interface Target {
  /** In the form of `Call.host`: lower case, the port only where it is not 443. */
  readonly host: string;
  /** Without a port, and an IPv6 address without its brackets: what a certificate names. */
  readonly name: string;
}

/** Reads `host:port` or `[v6]:port`; undefined for anything else. */
export function readTarget(authority: string): Target | undefined {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+):(\d{1,5})$/i.exec(authority) ?? [];
  if (host === undefined || port === undefined) return undefined;
  if (Number(port) < 1 || Number(port) > 65_535) return undefined;
  const lower = host.toLowerCase();
  return { host: Number(port) === 443 ? lower : `${lower}:${Number(port)}`, name: lower.replace(/^\[|\]$/g, '') };
}

/** Reads `http://host[:port]/path`; undefined for anything else. */
export function readAbsolute(url: string): { target: Target; path: string } | undefined {
  if (!/^http:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { hostname, port, pathname, search } = new URL(url);
  const target = readTarget(`${hostname}:${port || '80'}`);
  return target && { target, path: `${pathname}${search}` };
}
