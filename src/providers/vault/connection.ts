// How the server is reached: its own authorities, a client certificate, further headers. Main takes it from checked inputs; post reads the
// same inputs again, and uses each only where it is what main had (INVARIANTS 12).
import type { Reread } from '../../core/ending.ts';
import type { HostTls } from '../../core/ports.ts';
import type { Connection } from '../../core/provider.ts';
import { type Headers, headerLines, headerSecrets } from './headers.ts';
import type { VaultRequest } from './request.ts';

/** Plain data, as the rest of a request. */
export interface VaultConnection {
  readonly tls?: HostTls;
  /** The text of `vault-headers`, which has been checked. */
  readonly headerText?: string;
}

/** The setting that says that the certificate is not checked. */
export const SKIP = 'vault-tls-skip-verify';

/** The further headers; none where none were given. */
export function headersOf({ headerText }: VaultConnection = {}): Headers {
  return (headerText && headerLines.parse(headerText)) || {};
}

export function connectionOf({ url, connection = {} }: VaultRequest): Connection {
  const { host } = new URL(url);
  const { tls, headerText } = connection;
  return {
    tls: tls ? { [host]: tls } : {},
    reread: {
      ...(headerText && { 'vault-headers': headerText }),
      ...(tls?.ca && { 'vault-ca-certificate': tls.ca }),
      ...(tls?.certificate && { 'vault-client-certificate': tls.certificate }),
      ...(tls?.key && { 'vault-client-key': tls.key }),
    },
    secrets: [...(tls?.key ? [tls.key] : []), ...headerSecrets(headersOf(connection))],
    cautions: tls?.skipVerify
      ? [
          `vault-tls-skip-verify: the certificate of ${host} is NOT checked. Whoever is on the way to it can read the identity token, the Vault token and every secret, or put others in their place. Give its authority in vault-ca-certificate instead.`,
        ]
      : [],
  };
}

/** The same in post. */
export function connectionAgain(reread: Reread, skipVerify: boolean): VaultConnection {
  const headerText = reread('vault-headers');
  const ca = reread('vault-ca-certificate', 'certificate');
  const certificate = reread('vault-client-certificate', 'certificate');
  const key = certificate && reread('vault-client-key', { name: 'vault-client-certificate', pem: certificate });
  const tls: HostTls = {
    ...(ca && { ca }),
    ...(certificate && key && { certificate, key }),
    ...(skipVerify && { skipVerify }),
  };
  return { ...(Object.keys(tls).length > 0 && { tls }), ...(headerText && { headerText }) };
}
