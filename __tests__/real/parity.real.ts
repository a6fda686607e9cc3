// The requests that the emulated Vault is held to, sent to a real OpenBao: what the sandbox answers is what OpenBao answers, word for word.

import { type Backends, startBackends } from '../../real/backends.ts';
import { type OpenBao, startOpenBao } from '../../real/openbao.ts';
import { parts } from '../../real/parts.ts';
import { type Postgres, startPostgres } from '../../real/postgres.ts';
import { configureVault } from '../../real/vault-setup.ts';
import { json, type Service } from '../../sandbox/service.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { ENGINES } from '../sandbox/vault/engine-requests.ts';
import { ISSUER, jwks, publicKeyPem } from '../sandbox/vault/job.ts';
import { differences, type Got, play, type Sent, type Stage } from '../sandbox/vault/play.ts';
import { LEASES, LOGINS, NAMESPACES, type Row, SECRETS, TOKENS, WRAPPING } from '../sandbox/vault/requests.ts';
import { serverOf } from '../sandbox/vault/trust.ts';

/** GitHub's issuer with the key that the rows' tokens are signed with. */
const issuer: Service = {
  name: 'issuer',
  plays: (host) => host === new URL(ISSUER).host,
  operation: ({ path }) => path,
  answer: ({ path }) => json(200, path.endsWith('/jwks') ? jwks : DISCOVERY),
};
const DISCOVERY = {
  issuer: ISSUER,
  jwks_uri: `${ISSUER}/.well-known/jwks`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
};

let world: World;
let postgres: Postgres;
let bao: OpenBao;
let backends: Backends;
let stage: Stage;
let down = false;

beforeAll(async () => {
  world = await startWorld({ services: [issuer] });
  [backends, postgres, bao] = await Promise.all([
    startBackends(),
    startPostgres(parts().postgres),
    startOpenBao(parts().bao, { HTTPS_PROXY: world.proxyUrl }),
  ]);
  await configureVault(bao, serverOf('openbao'), {
    issuerCa: world.authority.cert,
    issuerKeys: [publicKeyPem],
    postgres,
    backends,
  });
  stage = {
    send: (request) => send(bao.origin, request),
    now: () => Math.floor(Date.now() / 1000),
    pass: () => {
      throw new Error('A real server cannot be told to let time pass: mark the row as emulated');
    },
    async databaseDown() {
      down = true;
      await postgres.pause();
    },
  };
});
afterEach(async () => {
  if (down) await postgres.start();
  down = false;
});
afterAll(async () => {
  await bao?.stop();
  await postgres?.stop();
  await backends?.stop();
  await world?.stop();
});

async function send(origin: string, { method, path, headers, body }: Sent): Promise<Got> {
  const answer = await fetch(`${origin}${path}`, { method, headers, ...(body !== '' && { body }), redirect: 'manual' });
  return { status: answer.status, body: await answer.text() };
}

const TABLES: readonly (readonly [string, readonly Row[]])[] = [
  ['logins', LOGINS],
  ['secrets', SECRETS],
  ['engines', ENGINES],
  ['tokens', TOKENS],
  ['leases', LEASES],
  ['namespaces', NAMESPACES],
  ['wrapping', WRAPPING],
];

describe.each(TABLES)('%s', (_, rows) => {
  it.each(rows.filter((row) => row.only !== 'vault' && !row.emulated))('$name', async (row) => {
    expect(differences(row, await play(row, stage), 'openbao')).toEqual([]);
  });
});
