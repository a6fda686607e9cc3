// Vault: why no connection came about that both sides trust, and which input is to be mended. By the codes of Node and OpenSSL.
import type { Facts, Rule } from '../../core/advice.ts';
import type { VaultRequest } from './request.ts';

type VaultFacts = Facts<VaultRequest>;

const from = 'vault/unreachable';
const hostOf = ({ evidence, request }: VaultFacts) => evidence.host ?? new URL(request.url).host;
const tlsOf = ({ request }: VaultFacts) => request.connection?.tls ?? {};
/** Of the host that vault-url names, or of one that it led to. */
const isElsewhere = (facts: VaultFacts) => hostOf(facts) !== new URL(facts.request.url).host;

const elsewhere = (facts: VaultFacts) =>
  isElsewhere(facts)
    ? [
        `Set vault-url to the address of the active server or of a load balancer: ${hostOf(facts)} is where a standby led to, and there the client certificate, the headers and vault-tls-skip-verify do not count.`,
      ]
    : [];

const CLIENT_FIXES = (facts: VaultFacts) =>
  isElsewhere(facts)
    ? elsewhere(facts)
    : tlsOf(facts).certificate
      ? [
          "Give a certificate in vault-client-certificate that the listener's tls_client_ca_file has signed, for client authentication (extended key usage), with the certificates in between behind it.",
          "Check that it is not revoked, and that tls_min_version of the listener is one that the runner's Node speaks.",
        ]
      : ['Set vault-client-certificate and vault-client-key: the listener asks for a client certificate.'];

export const TLS_RULES: readonly Rule<VaultRequest>[] = [
  {
    id: 'vault/tls-name',
    from,
    code: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    cause: (facts) => `The certificate of the server is for another name than ${hostOf(facts)}`,
    fixes: (facts) => [
      'Write the name in vault-url that the certificate is for; or have the certificate issued for this one too (subject alternative name; a common name alone does not count).',
      ...elsewhere(facts),
    ],
  },
  {
    id: 'vault/tls-expired',
    from,
    code: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    cause: (facts) => `The certificate of ${hostOf(facts)}, or one that it leads to, is out of its time`,
    fixes: ['Have it renewed, or the clock of the runner set. What vault-ca-certificate holds may be the expired one.'],
  },
  {
    id: 'vault/tls-untrusted',
    from,
    code: /^(CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|INVALID_PURPOSE)/,
    cause: (facts) =>
      tlsOf(facts).ca
        ? `The certificate of ${hostOf(facts)} does not lead to one in vault-ca-certificate, and nothing else counts for it`
        : `The certificate of ${hostOf(facts)} leads to no authority that is trusted`,
    fixes: (facts) => [
      ...(tlsOf(facts).ca
        ? [
            'Put the root that signed it into vault-ca-certificate, and those in between where the server does not send them. Remove the input where the certificate comes from a public authority.',
          ]
        : [
            'Give the authority in vault-ca-certificate (the text, its base64, or a path): it counts for this host alone. ca-certificate is for a proxy that inspects TLS.',
          ]),
      ...elsewhere(facts),
    ],
  },
  {
    id: 'vault/tls-client-certificate',
    from,
    code: /^ERR_SSL_.*(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR|HANDSHAKE_FAILURE)$/,
    cause: (facts) =>
      tlsOf(facts).certificate && !isElsewhere(facts)
        ? `${hostOf(facts)} did not accept the client certificate`
        : `${hostOf(facts)} wants a client certificate, and was shown none`,
    fixes: CLIENT_FIXES,
  },
  {
    id: 'vault/tls-not-spoken',
    from,
    code: /^(ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)|EPROTO)$/,
    cause: (facts) => `What listens at ${hostOf(facts)} does not speak TLS`,
    fixes: ['Check the port in vault-url. A server without TLS is not spoken to, but on a loopback address.'],
  },
  {
    id: 'vault/tls-version',
    from,
    code: /^ERR_SSL_.*(PROTOCOL|VERSION|NO_SHARED_CIPHER|NO_CIPHERS|INSUFFICIENT_SECURITY).*$/,
    cause: (facts) => `${hostOf(facts)} and this runner have no version of TLS, or no cipher, in common`,
    fixes: ['Let the server speak TLS 1.2 or 1.3 (tls_min_version, tls_max_version of its listener).'],
  },
];
