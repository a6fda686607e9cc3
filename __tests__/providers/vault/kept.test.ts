import type { Grant } from '../../../src/core/grant.ts';
import type { Debt } from '../../../src/core/ledger.ts';
import type { Keeper } from '../../../src/core/provider.ts';
import { Secret } from '../../../src/core/secret.ts';
import { foreseeKeeper, keptFresh } from '../../../src/providers/vault/kept.ts';
import type { VaultRequest } from '../../../src/providers/vault/request.ts';
import { START } from '../../literals/clock.ts';
import { exchangePorts } from '../../literals/exchange-ports.ts';
import { scripted } from '../../literals/wire.ts';

const MINUTE = 60_000;
const UNTIL = START + 60 * MINUTE;
const KEEPER: Keeper = {
  origin: 'http://127.0.0.1:1',
  until: UNTIL,
  secret: () => new Secret('s', 's'),
  behindProxy: false,
};
const GRANT: Grant = {
  cloud: 'vault',
  credentials: [],
  variables: [],
  outputs: [],
  secretOutputs: [],
  files: [],
  remarks: ['first'],
  warnings: [],
};

const token = (data: object = {}): Debt => ({
  by: 'vault',
  kind: 'token',
  data: { token: 'hvs.token', type: 'service', renewable: true, expiresAt: START + 15 * MINUTE, ...data },
});
const lease = (data: object = {}): Debt => ({
  by: 'vault',
  kind: 'lease',
  data: {
    id: 'database/creds/ro/abc',
    path: 'database/creds/ro',
    ends: true,
    renewable: true,
    expiresAt: START + 10 * MINUTE,
    ...data,
  },
});

async function kept(debts: readonly Debt[], changes: Partial<VaultRequest> = {}) {
  let asked = 0;
  const ports = {
    ...exchangePorts(scripted().send),
    keeper: async () => {
      asked++;
      return KEEPER;
    },
  };
  const request = { exportToken: false, keepFor: 3600, secrets: [], ...changes } as unknown as VaultRequest;
  const grant = await keptFresh(GRANT, request, debts, ports);
  const terms = JSON.parse(String(grant.handover?.terms ?? '[]')) as { what: string; seconds: number }[];
  return { grant, asked, kept: terms.map(({ what, seconds }) => [what, seconds]) };
}

describe('what is renewed', () => {
  it.each<[string, readonly Debt[], Partial<VaultRequest>, readonly (readonly [string, number])[]]>([
    [
      'a lease, and the token that holds it',
      [token(), lease()],
      {},
      [
        ['the token', 900],
        ['the lease of database/creds/ro', 600],
      ],
    ],
    ['an exported token', [token()], { exportToken: true }, [['the token', 900]]],
    ['nothing of a token that has done its work', [token()], {}, []],
    ['nothing that lives long enough', [token({ expiresAt: UNTIL }), lease({ expiresAt: UNTIL + 1 })], {}, []],
    [
      'a lease alone, where the token lives long enough',
      [token({ expiresAt: UNTIL }), lease()],
      {},
      [['the lease of database/creds/ro', 600]],
    ],
    ['nothing of a batch token', [token({ renewable: false })], { exportToken: true }, []],
    ['nothing whose revocation does nothing', [token({ expiresAt: UNTIL }), lease({ ends: false })], {}, []],
    ['nothing, where nothing is to be kept fresh', [token(), lease()], { keepFor: undefined as never }, []],
    ['nothing of a token without an end', [token({ expiresAt: undefined })], { exportToken: true }, []],
  ])('%s', async (_, debts, changes, expected) => {
    const found = await kept(debts, changes);
    expect(found.kept).toEqual(expected);
    expect(found.asked).toBe(expected.length > 0 ? 1 : 0);
    expect(found.grant.handover?.token?.toString()).toBe(expected.length > 0 ? '***' : undefined);
  });
});

describe('what is said', () => {
  it('works until lifetime where it is renewed, else until its own end', async () => {
    expect((await kept([token(), lease()])).grant.expiresAt).toBe(UNTIL);
    expect((await kept([token(), lease({ renewable: false })])).grant.expiresAt).toBe(START + 10 * MINUTE);
  });

  it.each<[string, readonly Debt[], string]>([
    [
      'of a lease that cannot be renewed',
      [token(), lease({ renewable: false })],
      'Vault: the lease of database/creds/ro ends at 2026-11-25T12:10:00Z, before lifetime. It cannot be renewed.',
    ],
    [
      'of one that can',
      [token({ expiresAt: UNTIL }), lease()],
      'Vault: the lease of database/creds/ro is renewed until lifetime, as far as its role allows (its first term ends at 2026-11-25T12:10:00Z)',
    ],
  ])('%s', async (_, debts, remark) => {
    const { grant } = await kept(debts);
    expect(grant.remarks).toEqual(expect.arrayContaining(['first', remark]));
  });
});

describe('a keeper that could not be started', () => {
  const without = async (debts: readonly Debt[]) => {
    const ports = { ...exchangePorts(scripted().send), keeper: async () => undefined };
    return keptFresh(GRANT, { keepFor: 3600, exportToken: true } as VaultRequest, debts, ports);
  };
  it('leaves each its own end, and no handover', async () => {
    const grant = await without([token()]);
    expect(grant.expiresAt).toBe(START + 15 * MINUTE);
    expect(grant.handover).toBeUndefined();
    expect(grant.remarks.at(-1)).toBe('Vault: the token ends at 2026-11-25T12:15:00Z, before lifetime.');
  });
});

describe('is started while secrets are read', () => {
  it.each<[string, readonly Debt[], object, number]>([
    ['where a path mints', [token()], { secrets: [{ path: 'database/creds/ro' }] }, 1],
    ['where the token is exported', [token()], { exportToken: true }, 1],
    ['not for static secrets', [token()], { secrets: [{ path: 'secret/data/app' }] }, 0],
    ['not where the token lives long enough', [token({ expiresAt: UNTIL })], { exportToken: true }, 0],
    ['not where the token cannot be renewed', [token({ renewable: false })], { exportToken: true }, 0],
  ])('%s', (_, debts, changes, expected) => {
    let asked = 0;
    const keeper = async () => {
      asked++;
      throw new Error('told where it is needed');
    };
    const request = { secrets: [], exportToken: false, keepFor: 3600, ...changes } as unknown as VaultRequest;
    foreseeKeeper(request, debts, { ...exchangePorts(scripted().send), keeper });
    expect(asked).toBe(expected);
  });
});
