// What Vault is owed, as the ledger has it: main writes these records, post reads them, checked (INVARIANTS 12).
import { type Debt, field } from '../../core/ledger.ts';
import { Secret } from '../../core/secret.ts';

export interface TokenDebt {
  readonly token: Secret;
  readonly type: string;
  readonly expiresAt: number | undefined;
  /** How many requests it was good for; 0: no limit. */
  readonly uses: number;
  /** Whether main has asked for its end already. */
  readonly asked: boolean;
}
export interface LeaseDebt {
  readonly kind: 'lease';
  readonly id: string;
  readonly path: string;
  readonly expiresAt: number | undefined;
  /** False where the engine's revocation does nothing, and the credential lives on. */
  readonly ends: boolean;
  /** It is revoked for what was made around a credential that lives on all the same. */
  readonly parts: boolean;
  /** Of an engine that is not known here. */
  readonly unsure: boolean;
}
/** A certificate without a lease: its engine revokes it by serial number, if it kept it. */
export interface CertificateDebt {
  readonly kind: 'certificate';
  readonly path: string;
  readonly mount: string;
  readonly serial: string;
  readonly expiresAt: number | undefined;
}

export interface Owed {
  readonly token: TokenDebt | undefined;
  /** In the order in which they arose. */
  readonly held: readonly (LeaseDebt | CertificateDebt)[];
}

const PRINTABLE = /[\x21-\x7e]{1,4000}/;
const PATH = /[\x20-\x7e]{1,1000}/;
export const SERIAL = /[0-9a-f]{2}([:-][0-9a-f]{2}){1,40}/i;

/** Records that are damaged are left out: there is nothing to ask with them. */
export function owedIn(debts: readonly Debt[]): Owed {
  const asked = debts.some((d) => d.kind === 'token-end-asked');
  return {
    token: debts.flatMap((d) => (d.kind === 'token' ? (tokenOf(d, asked) ?? []) : []))[0],
    held: debts.flatMap((d): (LeaseDebt | CertificateDebt)[] =>
      d.kind === 'lease' ? leaseOf(d) : d.kind === 'certificate' ? certificateOf(d) : [],
    ),
  };
}

/** By which post tells of the token. */
export const TOKEN = 'Vault token';

/** By which post tells of what is held. */
export function nameOf({ kind, path }: Pick<LeaseDebt | CertificateDebt, 'kind' | 'path'>): string {
  return `Vault ${kind} of ${path}`;
}

function numberIn(debt: Debt, name: string): number | undefined {
  const value = debt.data[name];
  return typeof value === 'number' ? value : undefined;
}

function tokenOf(debt: Debt, asked: boolean): TokenDebt | undefined {
  const token = field(debt, 'token', PRINTABLE);
  return token === undefined
    ? undefined
    : {
        token: new Secret(token, 'Vault token'),
        type: field(debt, 'type', /[a-z]{1,20}/) ?? 'service',
        expiresAt: numberIn(debt, 'expiresAt'),
        uses: numberIn(debt, 'uses') ?? 0,
        asked,
      };
}

function leaseOf(debt: Debt): LeaseDebt[] {
  const id = field(debt, 'id', PRINTABLE);
  const path = field(debt, 'path', PATH) ?? 'a secret';
  const { ends, parts, unsure } = debt.data;
  const means = { ends: ends !== false, parts: parts === true, unsure: unsure === true };
  return id === undefined ? [] : [{ kind: 'lease', id, path, expiresAt: numberIn(debt, 'expiresAt'), ...means }];
}

function certificateOf(debt: Debt): CertificateDebt[] {
  const [mount, serial] = [field(debt, 'mount', /[\w.@+=-]+(\/[\w.@+=-]+)*/), field(debt, 'serial', SERIAL)];
  return mount === undefined || serial === undefined || mount.split('/').some((s) => s === '.' || s === '..')
    ? []
    : [
        {
          kind: 'certificate',
          path: field(debt, 'path', PATH) ?? mount,
          mount,
          serial,
          expiresAt: numberIn(debt, 'expiresAt'),
        },
      ];
}
