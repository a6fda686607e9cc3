// What of a login ends before `lifetime`: its token and leases, which the keeper renews where the server lets it. Values do not change by that.
import type { Grant, Keep } from '../../core/grant.ts';
import type { Debt } from '../../core/ledger.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { Secret } from '../../core/secret.ts';
import { iso } from '../../core/time.ts';
import { makes } from './engine-paths.ts';
import { nameOf, TOKEN } from './owed.ts';
import type { VaultRequest } from './request.ts';

/** A token or lease with the term that it was given. */
export interface Term {
  readonly what: string;
  /** By which post tells of it. */
  readonly name: string;
  /** Of a lease; the token has none. */
  readonly id?: string;
  readonly seconds: number;
  readonly expiresAt: number;
  readonly renewable: boolean;
}

/** Whoever wants to know what is owed listens here. */
export function listening(keep: Keep): Keep & { readonly debts: readonly Debt[] } {
  const debts: Debt[] = [];
  return {
    debts,
    secret: keep.secret,
    owe(debt) {
      debts.push(debt);
      keep.owe(debt);
    },
  };
}

/**
 * Whether the token, which ends early, will be renewed as far as can be seen. Then the keeper is started now, so that it comes up while secrets
 * are read.
 */
export function foreseeKeeper(request: VaultRequest, debts: readonly Debt[], ports: ExchangePorts): boolean {
  const now = ports.clock.now();
  const early = termsOf(debts, now).some((term) => term.renewable && term.seconds < (request.keepFor ?? 0));
  const leases = request.secrets.some(makes);
  if (!ports.keeper || !early || !(leases || request.exportToken)) return false;
  ports.keeper().catch(() => {}); // told where it is needed
  return true;
}

/** The grant with its handover to the keeper; what cannot be renewed is said. Asks for a keeper only where one has something to do. */
export async function keptFresh(
  grant: Grant,
  request: VaultRequest,
  debts: readonly Debt[],
  ports: ExchangePorts,
): Promise<Grant> {
  if (request.keepFor === undefined || !ports.keeper) return grant;
  const until = ports.clock.now() + request.keepFor * 1000;
  const terms = termsOf(debts, ports.clock.now());
  const leases = terms.filter((term) => term.id !== undefined);
  // A token that holds no lease and is not exported has done its work.
  const wanted = terms.filter((term) => term.id !== undefined || leases.length > 0 || request.exportToken);
  const early = wanted.filter((term) => term.expiresAt < until);
  const renewable = early.filter((term) => term.renewable);
  const keeper = renewable.length > 0 ? await ports.keeper() : undefined;
  const kept = keeper ? renewable : [];
  const ends = wanted.map((term) => (keeper && kept.includes(term) ? keeper.until : term.expiresAt));
  const token = debts.find((debt) => debt.kind === 'token')?.data.token;
  return {
    ...grant,
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) }),
    remarks: [...grant.remarks, ...early.map((term) => remark(term, kept.includes(term)))],
    ...(kept.length > 0 && {
      handover: { token: new Secret(String(token), 'Vault token'), terms: JSON.stringify(kept) },
    }),
  };
}

function remark({ what, expiresAt, renewable }: Term, kept: boolean): string {
  if (kept)
    return `Vault: ${what} is renewed until lifetime, as far as its role allows (its first term ends at ${iso(expiresAt)})`;
  const why = renewable ? '' : ' It cannot be renewed.';
  return `Vault: ${what} ends at ${iso(expiresAt)}, before lifetime.${why}`;
}

function termsOf(debts: readonly Debt[], now: number): Term[] {
  return debts.flatMap(({ by, kind, data }) => {
    const { expiresAt, id, path, ends, renewable } = data;
    if (by !== 'vault' || typeof expiresAt !== 'number' || (kind === 'lease' && ends === false)) return [];
    const term = { expiresAt, seconds: Math.round((expiresAt - now) / 1000), renewable: renewable === true };
    if (kind === 'token') return [{ ...term, what: 'the token', name: TOKEN }];
    if (kind !== 'lease' || typeof id !== 'string') return [];
    return [{ ...term, what: `the lease of ${path}`, name: nameOf({ kind, path: String(path) }), id }];
  });
}
