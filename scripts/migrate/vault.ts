// hashicorp/vault-action: its inputs as of v3.4.0, and what takes the place of each here.
import type { Peer } from './peer.ts';

const uses = (inputs: string) => `- uses: hashicorp/vault-action@v3\n  with:\n${inputs.replace(/^/gm, '    ')}`;
const STATIC = 'Static credentials are out: this action has none. Log in with the identity token (`jwt`).';
const PEM = 'Text, its base64, or the path of a file.';

export const vault: Peer = {
  action: 'hashicorp/vault-action@v3',
  inputs: [
    { name: 'url', ours: ['vault-url'], how: 'The same; https, or a loopback address.' },
    {
      name: 'secrets',
      ours: ['vault-secrets'],
      how: "The same lines, ended by `;` or by the line's end. Selectors are dotted names, `*` and `**`; other JSONata is refused with advice. Leases are revoked by the post step.",
    },
    {
      name: 'pki',
      ours: ['vault-secrets'],
      how: 'A line with a method and a body: `POST pki/issue/web {"common_name":"x"} certificate | TLS_CERT`. It may stand beside others.',
    },
    {
      name: 'namespace',
      ours: ['vault-namespace', 'vault-auth-namespace'],
      how: 'The same; the login may have a namespace of its own.',
    },
    { name: 'method', ours: [], how: 'Always `jwt`, with the identity token of the job.' },
    { name: 'role', ours: ['vault-role'], how: 'The same.' },
    { name: 'path', ours: ['vault-auth-path'], how: 'The same; default `jwt`.' },
    { name: 'token', ours: [], how: STATIC },
    { name: 'roleId', ours: [], how: STATIC },
    { name: 'secretId', ours: [], how: STATIC },
    { name: 'githubToken', ours: [], how: STATIC },
    { name: 'username', ours: [], how: STATIC },
    { name: 'password', ours: [], how: STATIC },
    {
      name: 'kubernetesTokenPath',
      ours: [],
      how: "Kubernetes' identity is that of the runner, not of the job. Log in with the identity token (`jwt`).",
    },
    { name: 'authPayload', ours: [], how: 'Only `jwt` is spoken, so there is no payload of another method.' },
    {
      name: 'extraHeaders',
      ours: ['vault-headers'],
      how: "One `name: value` a line; values are masked. The headers of the protocol itself, such as Vault's token and namespace, cannot be set.",
    },
    {
      name: 'exportEnv',
      ours: ['export-env'],
      how: '`true`, `false`, or the clouds for which; strict, and the post step puts earlier values back.',
    },
    {
      name: 'exportToken',
      ours: ['vault-export-token'],
      how: 'The same, and `VAULT_ADDR` and `VAULT_NAMESPACE` come with the token. The post step revokes it.',
    },
    { name: 'outputToken', ours: ['output-credentials'], how: '`output-credentials: vault`, for the secrets too.' },
    { name: 'caCertificate', ours: ['vault-ca-certificate'], how: PEM },
    { name: 'clientCertificate', ours: ['vault-client-certificate'], how: PEM },
    { name: 'clientKey', ours: ['vault-client-key'], how: PEM },
    {
      name: 'tlsSkipVerify',
      ours: ['vault-tls-skip-verify'],
      how: '`true` or `false` and nothing else, for the one host, with a warning. `vault-ca-certificate` is the better way.',
    },
    {
      name: 'jwtPrivateKey',
      ours: [],
      how: 'A key that signs tokens is a static credential: this action has none. GitHub signs the identity token.',
    },
    { name: 'jwtKeyPassword', ours: [], how: 'There is no key (`jwtPrivateKey`).' },
    { name: 'jwtTtl', ours: [], how: "The identity token's five minutes are GitHub's." },
    {
      name: 'jwtGithubAudience',
      ours: ['vault-audience'],
      how: 'Default is the origin of `vault-url`, and not `https://github.com/OWNER`: set it, or bind the role to the new one.',
    },
    {
      name: 'secretEncodingType',
      ours: ['vault-secrets'],
      how: 'By line, not for all: `decode base64`.',
    },
    { name: 'ignoreNotFound', ours: ['vault-ignore-not-found'], how: 'The same.' },
  ],
  outputs: [
    {
      name: 'vault_token',
      ours: ['vault-token'],
      how: 'With `output-credentials: vault`; each secret then is an output too, under the name of its variable.',
    },
    {
      name: 'errorMessage',
      ours: ['federated'],
      how: 'What failed is an annotation with an id; `federated` is `false`.',
    },
  ],
  moves: [
    {
      title: 'Read secrets of the key-value store',
      before: uses(
        'url: https://vault.example.com\nmethod: jwt\nrole: ci\njwtGithubAudience: https://vault.example.com\nsecrets: |\n  secret/data/app password | APP_PASSWORD ;\n  kv1/app password | OLD_PASSWORD',
      ),
      after: {
        'vault-url': 'https://vault.example.com',
        'vault-role': 'ci',
        'vault-secrets': 'secret/data/app password | APP_PASSWORD ;\nkv1/app password | OLD_PASSWORD',
      },
      note: "A role that is bound to `https://github.com/OWNER` works with `vault-audience: https://github.com/OWNER`; better is an audience that is only Vault's.",
    },
    {
      title: 'Lease a database user, and end it',
      before: uses(
        'url: https://vault.example.com\nmethod: jwt\nrole: ci\njwtGithubAudience: https://vault.example.com\nsecrets: |\n  database/creds/readonly username | DB_USER ;\n  database/creds/readonly password | DB_PASSWORD',
      ),
      after: {
        'vault-url': 'https://vault.example.com',
        'vault-role': 'ci',
        'vault-secrets': 'database/creds/readonly username | DB_USER ;\ndatabase/creds/readonly password | DB_PASSWORD',
      },
      note: 'The policy should let the token `update` `sys/leases/revoke`: then the post step sees the user end. Without it the user ends with the token.',
    },
    {
      title: 'Take every key of a secret, under a prefix',
      before: uses(
        'url: https://vault.example.com\nmethod: jwt\nrole: ci\njwtGithubAudience: https://vault.example.com\nsecrets: secret/data/app * | APP_',
      ),
      after: {
        'vault-url': 'https://vault.example.com',
        'vault-role': 'ci',
        'vault-secrets': 'secret/data/app * | APP_',
      },
    },
    {
      title: 'Use the token in later steps',
      before: uses(
        'url: https://vault.example.com\nmethod: jwt\nrole: ci\njwtGithubAudience: https://vault.example.com\nexportToken: true',
      ),
      after: { 'vault-url': 'https://vault.example.com', 'vault-role': 'ci', 'vault-export-token': 'true' },
    },
  ],
};
