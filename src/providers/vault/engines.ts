// What differs between the engines once they have answered (facts: vault 1.5, 3.3): which fields hold no secret, what the lease's revocation does, and when
// what has no lease ends. An engine is known by its path and the fields of its answer, since its mount can have any name.
import type { Data } from './pick.ts';

/**
 * `ends`: the credential is gone with its lease. `nothing`: the lease's revocation does nothing. `parts`: it removes what was made around a credential that
 * lives on. `unknown`: nobody knows this engine here.
 */
export type Revocation = 'ends' | 'nothing' | 'parts' | 'unknown';

export interface Engine {
  /** What its answer holds, for reports. */
  readonly what: string;
  readonly path: RegExp;
  /** Fields that are all there. */
  readonly has: readonly string[];
  /** A further sign, where the fields are not enough. */
  readonly when?: (data: Data) => boolean;
  /** Fields without secrets; undefined: every field is open. */
  readonly open?: readonly string[];
  readonly revocation: Revocation;
  /** Leaseless: the field that says when it ends, in seconds since the epoch; or for how many seconds it lives. */
  readonly until?: string;
  readonly lasts?: string;
  /** May come without a lease, and is then worth an entry of its own in the report: it works by itself until it ends. */
  readonly credential?: true;
  /** The answer to a write. */
  readonly written?: true;
}

const CREDS = /\/(creds|sts)\/[^/]+$/;
const filled = (data: Data, name: string) => typeof data[name] === 'string' && data[name] !== '';
const USER = ['username', 'distinguished_names', 'dn', 'rotation_period', 'rotation_schedule', 'rotation_window'];
const ROTATED = [...USER, 'last_vault_rotation', 'last_openbao_rotation', 'ttl', 'expiration'];

/** The first that fits. */
const ENGINES: readonly Engine[] = [
  {
    what: 'KV version',
    path: /\/data\//,
    has: ['version', 'created_time', 'destroyed'],
    written: true,
    revocation: 'nothing',
  },
  {
    what: 'KV metadata',
    path: /\/metadata\//,
    has: ['current_version', 'versions', 'created_time'],
    revocation: 'nothing',
  },
  {
    what: 'fixed AWS access key',
    path: /\/static-creds\//,
    has: ['access_key', 'secret_key'],
    open: ['expiration'],
    revocation: 'nothing',
  },
  { what: 'fixed password', path: /\/static-creds?\//, has: ['password'], open: ROTATED, revocation: 'nothing' },
  {
    what: 'AWS session',
    path: CREDS,
    has: ['access_key', 'secret_key'],
    when: (data) => filled(data, 'session_token') || filled(data, 'security_token'),
    open: ['arn', 'ttl'],
    revocation: 'nothing',
  },
  { what: 'AWS access key', path: CREDS, has: ['access_key', 'secret_key'], open: ['arn', 'ttl'], revocation: 'ends' },
  {
    what: 'Azure client secret',
    path: CREDS,
    has: ['client_id', 'client_secret'],
    open: ['client_id'],
    revocation: 'ends',
  },
  {
    what: 'Google access token',
    path: /\/token(\/[^/]+)?$/,
    has: ['token', 'expires_at_seconds'],
    open: ['expires_at_seconds', 'token_ttl'],
    revocation: 'nothing',
    until: 'expires_at_seconds',
    credential: true,
  },
  {
    what: 'Google service account key',
    path: /\/key(\/[^/]+)?$/,
    has: ['private_key_data'],
    open: ['key_algorithm', 'key_type'],
    revocation: 'ends',
  },
  {
    what: 'HCP Terraform token',
    path: CREDS,
    has: ['token', 'token_id'],
    open: ['token_id', 'organization', 'team_id', 'role', 'description', 'expired_at'],
    revocation: 'ends',
    credential: true,
  },
  {
    what: 'Consul token',
    path: CREDS,
    has: ['token', 'accessor'],
    open: ['accessor', 'consul_namespace', 'partition', 'local'],
    revocation: 'ends',
  },
  { what: 'Nomad token', path: CREDS, has: ['accessor_id', 'secret_id'], open: ['accessor_id'], revocation: 'ends' },
  {
    what: 'Kubernetes token',
    path: CREDS,
    has: ['service_account_token', 'service_account_name'],
    // An account that the engine makes for a token is named by it, and goes with the lease.
    when: (data) => /^v-/.test(String(data.service_account_name)),
    open: ['service_account_name', 'service_account_namespace'],
    revocation: 'ends',
  },
  {
    what: 'Kubernetes token of an account that stays',
    path: CREDS,
    has: ['service_account_token', 'service_account_name'],
    open: ['service_account_name', 'service_account_namespace'],
    revocation: 'parts',
  },
  {
    what: 'checked-out account',
    path: /\/check-out$/,
    has: ['service_account_name', 'password'],
    open: ['service_account_name'],
    revocation: 'ends',
  },
  {
    what: 'SSH one-time password',
    path: CREDS,
    has: ['key', 'key_type', 'ip'],
    open: ['key_type', 'username', 'ip', 'port'],
    revocation: 'ends',
  },
  { what: 'user', path: CREDS, has: ['username', 'password'], open: USER, revocation: 'ends' },
  { what: 'user with a key', path: CREDS, has: ['username', 'rsa_private_key'], open: USER, revocation: 'ends' },
  {
    what: 'user with a certificate',
    path: CREDS,
    has: ['client_certificate', 'private_key'],
    open: [...USER, 'client_certificate', 'private_key_type'],
    revocation: 'ends',
  },
  {
    what: 'certificate',
    path: /\/(issue|sign|sign-verbatim|sign-intermediate)\//,
    has: ['certificate', 'serial_number'],
    open: [
      'certificate',
      'issuing_ca',
      'ca_chain',
      'serial_number',
      'expiration',
      'not_before',
      'private_key_type',
      'csr',
    ],
    revocation: 'ends',
    until: 'expiration',
    credential: true,
  },
  {
    what: 'SSH certificate',
    path: /\/(issue|sign)\//,
    has: ['signed_key', 'serial_number'],
    open: ['serial_number', 'issuer_id', 'private_key_type'],
    revocation: 'nothing',
    credential: true,
  },
  {
    what: 'TOTP code',
    path: /\/code\//,
    has: ['code'],
    open: ['expire_time', 'generated', 'period'],
    revocation: 'nothing',
  },
  { what: 'TOTP answer', path: /\/code\//, has: ['valid'], revocation: 'nothing' },
  {
    what: 'identity token',
    path: /(^|\/)identity\/oidc\/token\//,
    has: ['token'],
    open: ['client_id', 'ttl'],
    revocation: 'nothing',
    lasts: 'ttl',
    credential: true,
  },
  {
    what: 'data key',
    path: /\/datakey\//,
    has: ['ciphertext'],
    open: ['ciphertext', 'key_version'],
    revocation: 'nothing',
  },
  { what: 'ciphertext', path: /\/(encrypt|rewrap)\//, has: ['ciphertext'], revocation: 'nothing' },
  { what: 'signature', path: /\/(sign|verify)\//, has: [], when: isSignature, revocation: 'nothing' },
];

/** What no row fits: all of it is secret, and a lease is revoked without a word on what that ends. */
const UNKNOWN: Engine = { what: 'secret', path: /./, has: [], open: [], revocation: 'unknown' };

/** `leased`: the answer came with a lease. `written`: it is the answer to a write. What a store holds is all secret, whatever its keys are called. */
export function engineOf(path: string, data: Data, { leased, written }: { leased: boolean; written: boolean }): Engine {
  const fits = (row: Engine) =>
    row.path.test(path) &&
    row.has.every((name) => Object.hasOwn(data, name)) &&
    (row.when?.(data) ?? true) &&
    (leased || row.path !== CREDS || row.credential === true) &&
    (written || row.written === undefined);
  return ENGINES.find(fits) ?? UNKNOWN;
}

/** A key-value store's: all of it is secret, and no lease is expected. */
export const STORED: Engine = { ...UNKNOWN, what: 'KV secret', revocation: 'nothing' };

function isSignature(data: Data): boolean {
  return Object.hasOwn(data, 'signature') || Object.hasOwn(data, 'valid');
}

/** Whether a field at the top of the answer's data may hold a secret. */
export function isSecret(engine: Engine, field: string): boolean {
  return engine.open !== undefined && !engine.open.includes(field);
}

/** When a credential without a lease ends, milliseconds; undefined: not before somebody ends it, or unknown. */
export function endOf(engine: Engine, data: Data, now: number): number | undefined {
  const until = engine.until === undefined ? undefined : data[engine.until];
  const lasts = engine.lasts === undefined ? undefined : data[engine.lasts];
  if (typeof until === 'number' && until > 0) return until * 1000;
  return typeof lasts === 'number' && lasts > 0 ? now + lasts * 1000 : undefined;
}
