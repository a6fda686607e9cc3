// Vault and OpenBao: policy, path, engine (facts: vault 2, 8).
import { both, obey } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { asItWas, policies, reads, rightly, rightlyRead, role, server } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'The policy does not let the token read the path',
    source: 'vault 2.2',
    played: 'trust document',
    scene: policies('path "kv1/*" { capabilities = ["read"] }'),
    id: 'vault/read-refused',
    cause: /policies lack it/,
    fix: obey(/Add to the policies of the role ci: (path .*)$/, (at, line) => policies(line ?? '', at)),
  },
  {
    mistake: 'The policy has the path without data/',
    source: 'vault 2.2',
    played: 'trust document',
    scene: policies('path "secret/app" { capabilities = ["read"] }'),
    id: 'vault/read-refused',
    cause: /policies lack it/,
    fix: obey(/Add to the policies of the role ci: (path .*)$/, (at, line) => policies(line ?? '', at)),
  },
  {
    mistake: 'data/ is missing in the path, and the policy does not cover it',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('secret/app password | P', policies('path "secret/metadata/*" { capabilities = ["read"] }')),
    id: 'vault/read-refused',
    cause: /data\/ behind the mount/,
    fix: both(
      obey(/have data\/ behind the mount/, (at) => reads('secret/data/app password | P', at)),
      (_, at) => policies('path "secret/data/app" { capabilities = ["read"] }', at),
    ),
  },
  {
    mistake: 'Nothing is mounted there',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('secrets/data/app password | P'),
    id: 'vault/read-refused',
    cause: /Nothing is mounted at secrets/,
    fix: obey(/Nothing is mounted at secrets/, (at) => rightly(at, 'vault-secrets')),
  },
  {
    mistake: 'No secret at the path',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('secret/data/appp password | P'),
    id: 'vault/not-found',
    cause: /no secret at secret\/data\/appp/,
    fix: obey(/Check the path in (vault-secrets)/, rightly),
  },
  {
    mistake: 'The version was deleted',
    source: 'vault 1.4',
    played: 'trust document',
    scene: reads(
      'secret/data/app?version=1 password | P',
      server(({ secrets }) => ({
        secrets: {
          ...secrets,
          secret: {
            type: 'kv',
            version: 2,
            secrets: {
              app: [
                { data: { password: 'a-first-password' }, deleted: true },
                { data: { password: 'a-second-password' } },
              ],
            },
          },
        },
      })),
    ),
    id: 'vault/not-found',
    cause: /in version 1, or it has been deleted/,
    fix: obey(/Check (\?version=)/, (at) => reads('secret/data/app password | P', at)),
  },
  {
    mistake: 'The secret has no such key',
    source: 'vault 4.2',
    played: 'inputs',
    scene: reads('secret/data/app passwort | P'),
    id: 'vault/key-missing',
    cause: /passwort/,
    fix: obey(/password/, rightlyRead),
  },
  {
    mistake: 'The engine has no such role',
    source: 'vault 2.2',
    played: 'inputs',
    scene: reads('database/creds/readolny username | U'),
    id: 'vault/engine-role-missing',
    cause: /has no role for database\/creds\/readolny/,
    fix: obey(/Check the last part of the path/, (at) => reads('database/creds/readonly username | U', at)),
  },
  {
    mistake: 'The database behind the engine is down',
    source: 'vault 2.2',
    played: 'trust document',
    scene: reads(
      'database/creds/readonly username | U',
      server(({ secrets }) => ({
        secrets: { ...secrets, database: { type: 'database', up: false, roles: { readonly: {} } } },
      })),
    ),
    id: 'vault/engine-failed',
    cause: /The engine at database\/creds\/readonly failed/,
    fix: obey(/Its configuration in the engine/, asItWas),
  },
  {
    mistake: 'token_num_uses is used up by the reads',
    source: 'vault 3.1',
    played: 'trust document',
    scene: reads(
      'secret/data/app password | P; kv1/app password | Q; database/creds/readonly username | U',
      role({ token_num_uses: 1 }),
    ),
    id: 'vault/token-uses',
    cause: /token_num_uses/,
    fix: obey(/token_num_uses of the role ci to \d+ or more, or set it to (0)/, (at) =>
      role({ token_num_uses: 0 }, at),
    ),
  },
  {
    mistake: 'A leased credential with the token’s last use',
    source: 'vault 2.2',
    played: 'trust document',
    scene: reads('database/creds/readonly username | U', role({ token_num_uses: 1 })),
    id: 'vault/token-uses',
    cause: /good for 1 requests/,
    fix: obey(/token_num_uses of the role ci to \d+ or more, or set it to (0)/, (at) =>
      role({ token_num_uses: 0 }, at),
    ),
  },
  {
    mistake: 'An engine that is written to, not read',
    source: 'vault 2.2',
    played: 'trust document',
    scene: reads(
      'transit/encrypt/app ciphertext | C',
      server(({ secrets }) => ({
        secrets: { ...secrets, transit: { type: 'transit', keys: { app: 'aes256-gcm96' } } },
        policies: { ci: 'path "transit/*" { capabilities = ["read", "update"] }' },
      })),
    ),
    id: 'vault/unsupported',
    cause: /not read, but written to/,
    fix: 'Another way of writing the line comes with writes',
  },
];
