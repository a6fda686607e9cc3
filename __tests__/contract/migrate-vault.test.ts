// From hashicorp/vault-action: all of its inputs (facts: vault 4.1), and what takes their place.
import { vault } from '../../scripts/migrate/vault.ts';
import { holdsMoves, holdsTable } from './migration.ts';

describe('inputs', () => {
  holdsTable(vault, {
    url: ['vault-url'],
    secrets: ['vault-secrets'],
    pki: ['vault-secrets'],
    namespace: ['vault-namespace', 'vault-auth-namespace'],
    method: [],
    role: ['vault-role'],
    path: ['vault-auth-path'],
    token: [],
    roleId: [],
    secretId: [],
    githubToken: [],
    username: [],
    password: [],
    kubernetesTokenPath: [],
    authPayload: [],
    extraHeaders: ['vault-headers'],
    exportEnv: ['export-env'],
    exportToken: ['vault-export-token'],
    outputToken: ['output-credentials'],
    caCertificate: ['vault-ca-certificate'],
    clientCertificate: ['vault-client-certificate'],
    clientKey: ['vault-client-key'],
    tlsSkipVerify: ['vault-tls-skip-verify'],
    jwtPrivateKey: [],
    jwtKeyPassword: [],
    jwtTtl: [],
    jwtGithubAudience: ['vault-audience'],
    secretEncodingType: ['vault-secrets'],
    ignoreNotFound: ['vault-ignore-not-found'],
  });
});

describe('workflows', () => {
  holdsMoves(vault);
});
