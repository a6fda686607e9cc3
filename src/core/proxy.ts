// The proxy variables as runners set them, made into what Node's agent follows. What Node would ignore in silence (and go direct) is mended or refused.
import { Failure } from './failure.ts';

/** Node's agent follows a proxy since this version; before it, it would go direct in silence (facts: toolchain 1.2). */
const SINCE = [24, 5] as const;

/** Whether Node `major.minor` can use a proxy. */
export function followsProxies([major, minor]: readonly [number, number]): boolean {
  return major > SINCE[0] || (major === SINCE[0] && minor >= SINCE[1]);
}

/**
 * The proxy for https requests and the hosts that go round it, from an environment. `HTTPS_PROXY` wins over `HTTP_PROXY`, upper case over
 * lower. A proxy without a scheme is read as http. Throws `network/proxy` for a scheme that Node does not speak.
 */
export function proxySettings(env: (name: string) => string | undefined): { proxy?: string; noProxy?: string } {
  const read = (name: string) => env(name) ?? env(name.toLowerCase());
  const [name, given] =
    (['HTTPS_PROXY', 'HTTP_PROXY'] as const).map((n) => [n, read(n)] as const).find(([, v]) => v) ?? [];
  if (!name || !given) return {};
  const noProxy = read('NO_PROXY');
  return { proxy: proxyUrl(name, given), ...(noProxy ? { noProxy: suffixRule(noProxy) } : {}) };
}

function proxyUrl(name: string, given: string): string {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url?.hostname && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href.replace(/\/$/, '');
  throw new Failure(
    'network/proxy',
    `${name} is not a proxy that this action can use: it takes http://host:port or https://host:port`,
    {},
    [`Set ${name} to an http proxy, or unset it for this step. A SOCKS proxy is not supported.`],
  );
}

/** curl's rule: `example.com` covers `vault.example.com` too. Node's matcher wants that said. */
function suffixRule(given: string): string {
  const names = given.split(/[\s,]+/).filter((n) => n !== '');
  const suffixes = names.filter((n) => /^[a-z][a-z0-9.-]*$/i.test(n)).map((n) => `.${n}`);
  return [...new Set([...names, ...suffixes])].join(',');
}

/**
 * Whether clients that follow these variables to the letter (requests, gaxios) would ask the proxy for 127.0.0.1. Some never do, but none reads
 * more into NO_PROXY than the address itself.
 */
export function catchesLoopback(env: (name: string) => string | undefined): boolean {
  const read = (name: string) => env(name) ?? env(name.toLowerCase());
  if (!read('HTTP_PROXY') && !read('ALL_PROXY')) return false;
  const exempt = (read('NO_PROXY') ?? '').split(/[\s,]+/);
  return !exempt.includes('127.0.0.1') && !exempt.includes('*');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone %, which Node sends as it is
  }
}

/** User and password of a proxy URL, decoded, for masking. */
export function proxySecrets(proxy: string): string[] {
  const url = new URL(proxy);
  const decoded = [url.username, url.password].map(decode);
  return url.password ? [decoded[1] ?? '', url.password, Buffer.from(decoded.join(':')).toString('base64')] : [];
}
