// Vault and OpenBao: the inputs they own, and from their texts to a checked request.

import { input, type Kind } from '../../core/input.ts';
import { boolean, httpsUrl, matching, pem, pemOf } from '../../core/kinds.ts';
import { headerLines } from './headers.ts';

const SEGMENTS = /[\w.@+=-]+(\/[\w.@+=-]+)*/;
/** No segment may be `.` or `..`. */
const path = (takes: string): Kind<string> => {
  const shape = matching(SEGMENTS, takes, 300);
  return {
    takes,
    parse: (given) =>
      given.split('/').some((s) => s === '.' || s === '..') ? undefined : shape.parse(given.replace(/^\/|\/$/g, '')),
  };
};
const secretLines: Kind<string> = {
  takes: 'lines such as: secret/data/app password | APP_PASSWORD',
  parse: (given) => given,
};

export const vaultInputs = {
  url: input({
    name: 'vault-url',
    kind: httpsUrl,
    description: 'Address of the Vault or OpenBao server. Asks for Vault.',
  }),
  role: input({
    name: 'vault-role',
    kind: matching(/[\w.@+=-]{1,200}/, 'the name of a role'),
    description: "Role of the JWT mount; default the mount's own default role.",
  }),
  authPath: input({
    name: 'vault-auth-path',
    kind: path('the path of an auth mount, such as jwt'),
    default: 'jwt',
    description: 'Where the JWT auth method is mounted.',
  }),
  namespace: input({
    name: 'vault-namespace',
    kind: path('a namespace, such as team/app'),
    description: 'Namespace of the secrets, and of the login unless `vault-auth-namespace` says otherwise.',
  }),
  authNamespace: input({
    name: 'vault-auth-namespace',
    kind: path('a namespace, such as admin'),
    description: 'Namespace to log in to, if it is another than that of the secrets; `root` for the one above all.',
  }),
  audience: input({
    name: 'vault-audience',
    kind: matching(/[\w./:+=,@-]{1,255}/, 'an audience'),
    description: 'Audience of the identity token; default the origin of `vault-url`.',
  }),
  secrets: input({
    name: 'vault-secrets',
    kind: secretLines,
    description:
      'What to read: lines of `path selector | NAME`, and of `POST path {"json": "body"} selector | NAME`; `decode base64` and `as file` behind a selector (docs/vault-secrets.md). Each path is read once, in parallel.',
  }),
  exportToken: input({
    name: 'vault-export-token',
    kind: boolean,
    default: 'false',
    description:
      'Export VAULT_TOKEN, VAULT_ADDR and VAULT_NAMESPACE for later steps, and VAULT_CACERT, VAULT_CLIENT_CERT and VAULT_CLIENT_KEY where these were given.',
  }),
  headers: input({
    name: 'vault-headers',
    kind: headerLines,
    description: 'Further headers of every request to Vault, one `name: value` a line. Their values are masked.',
    secret: true,
  }),
  caCertificate: input({
    name: 'vault-ca-certificate',
    kind: pem,
    description: 'Certificates that replace the trusted roots, for this host alone.',
  }),
  clientCertificate: input({
    name: 'vault-client-certificate',
    kind: pem,
    description: 'Client certificate, and behind it what leads to its authority.',
  }),
  clientKey: input({
    name: 'vault-client-key',
    kind: pemOf('a private key without a passphrase'),
    description: 'Key of the client certificate.',
    secret: true,
  }),
  tlsSkipVerify: input({
    name: 'vault-tls-skip-verify',
    kind: boolean,
    default: 'false',
    description: "Do not check the certificate of Vault's host. Warns loudly: prefer `vault-ca-certificate`.",
  }),
  ignoreNotFound: input({
    name: 'vault-ignore-not-found',
    kind: boolean,
    default: 'false',
    description: 'A secret that is not there is a notice, not an error.',
  }),
} as const;
