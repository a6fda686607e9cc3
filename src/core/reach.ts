// A network fault as a failure: what it means, by its code, and what to do.
import { Failure } from './failure.ts';
import { NetworkFault } from './http.ts';

/** By the beginning of the code; the first that fits. `$` stands for the host. */
export const CAUSES: readonly (readonly [pattern: RegExp, cause: string, fix: string])[] = [
  [
    /^PROXY_407/,
    'the proxy wants a user name and a password',
    'Put them into the proxy variable: http://USER:PASSWORD@HOST:PORT.',
  ],
  [
    /^PROXY_NO_HTTP/,
    'what answers at the address of the proxy is no proxy',
    'Check the host and the port in the proxy variable.',
  ],
  [/^PROXY_4/, 'the proxy refused the connection', 'Ask for $ to be allowed by the proxy, or put it into NO_PROXY.'],
  [/^PROXY_/, 'the proxy could not connect', 'Check that the proxy may reach $, or put it into NO_PROXY.'],
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)/,
    'its certificate has expired or is not valid yet, by the clock of the runner',
    'Check the clock of the runner. If it is right, $ has to renew its certificate, or something answers in its place.',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME/,
    'its certificate is for another name',
    'Check the host that was asked: $. If it is right, a proxy or a login page answers in its place.',
  ],
  [
    /^(EPROTO|ERR_SSL_)/,
    'no TLS connection came about',
    'Check that $ speaks TLS on this port, and whether it asks for a client certificate; HTTPS_PROXY begins with http:// for a proxy that is spoken to in the clear.',
  ],
  [
    /^(CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_TLS)/,
    'its certificate is not trusted',
    'If a proxy inspects TLS, or the server has a certificate of your own authority, give that authority in ca-certificate. Certificates are always checked.',
  ],
  [
    /^ECONNREFUSED/,
    'nothing listens there',
    'Check host and port of $; behind a proxy, check HTTPS_PROXY, which may be what refused.',
  ],
  [
    /^(ENOTFOUND|EAI_)/,
    'its name does not resolve',
    'Check the name, and the DNS of the runner; behind a proxy, set HTTPS_PROXY.',
  ],
  [
    /^(TIMEOUT|CANCELLED|ETIMEDOUT)/,
    'it did not answer in time',
    'Check that the runner may reach $, and the proxy variables if it sits behind one.',
  ],
  [/^TOO_LARGE/, 'its answer is far too large', 'Something answers in its place: look for a proxy or a login page.'],
  [/^/, 'the connection failed', 'Check that the runner may reach $, and the proxy variables if it sits behind one.'],
];

/** The failure `<area>/unreachable` for a fault; `who` names the server for people. */
export function unreachable(area: string, who: string, fault: NetworkFault): Failure {
  const [, cause = '', fix = ''] = CAUSES.find(([pattern]) => pattern.test(fault.code)) ?? [];
  const message = `${who} could not be reached: ${cause} (${fault.code})`;
  return new Failure(`${area}/unreachable`, message, { host: fault.host, code: fault.code }, [
    fix.replace('$', fault.host),
  ]);
}

/** Runs a call; a network fault is thrown as its failure, everything else as it is. */
export async function reached<T>(area: string, who: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw thrown instanceof NetworkFault ? unreachable(area, who, thrown) : thrown;
  }
}
