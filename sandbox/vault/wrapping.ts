// Response wrapping: an answer kept behind a token that opens it once.
import { randomBytes } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Entry, Ledger } from '../ledger.ts';
import { secondsOf } from './durations.ts';
import { base62, goTime } from './random.ts';
import type { Flavour } from './trust.ts';
import { envelope, type Outcome, refused, secret } from './wire.ts';

interface Wrapped {
  readonly content: Record<string, unknown>;
  readonly path: string;
  readonly createdAt: number;
  readonly ttl: number;
  readonly entry: Entry;
}

const NOT_VALID = refused(400, 'wrapping token is not valid or does not exist');

export class Wrappings {
  readonly #wrapped = new Map<string, Wrapped>();
  readonly #clock: WorldClock;
  readonly #ledger: Ledger;
  constructor(clock: WorldClock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** Seconds of an `X-Vault-Wrap-TTL` header, 0 for none; or the refusal's text. */
  static seconds(header: string | undefined): number | string {
    if (header === undefined || header === '') return 0;
    return secondsOf(header) ?? `error parsing X-Vault-Wrap-TTL header: time: invalid duration "${header}"`;
  }

  wrap(outcome: Extract<Outcome, { kind: 'secret' | 'auth' }>, path: string, ttl: number, flavour: Flavour): Outcome {
    const token = flavour === 'openbao' ? `s.${base62(24)}` : `hvs.${randomBytes(69).toString('base64url')}`;
    const accessor = base62(24);
    const createdAt = this.#clock.now();
    const entry = this.#ledger.issue({
      id: accessor,
      service: 'vault',
      kind: 'wrapping token',
      holder: 'whoever has it',
      scope: path,
      expiresAt: createdAt + ttl * 1000,
      revocable: true,
      secrets: [token],
    });
    this.#wrapped.set(token, { content: envelope(outcome), path, createdAt, ttl, entry });
    const wrapped_accessor =
      outcome.kind === 'auth' && outcome.auth.accessor ? { wrapped_accessor: outcome.auth.accessor } : {};
    const wrap_info = {
      token,
      accessor,
      ttl,
      creation_time: goTime(createdAt),
      creation_path: path,
      ...wrapped_accessor,
    };
    const nothing = { request_id: '', lease_id: '', renewable: false, lease_duration: 0, data: null };
    return { kind: 'raw', status: 200, body: { ...nothing, wrap_info, warnings: null, auth: null } };
  }

  lookup(token: string): Outcome {
    const wrapped = this.#living(token);
    if (!wrapped) return NOT_VALID;
    return secret({ creation_path: wrapped.path, creation_time: goTime(wrapped.createdAt), creation_ttl: wrapped.ttl });
  }

  unwrap(token: string): Outcome {
    const wrapped = this.#living(token);
    if (!wrapped) return NOT_VALID;
    this.#spend(token, wrapped);
    return { kind: 'raw', status: 200, body: wrapped.content };
  }

  /** A wrapping token used for anything else is spent by it. True if it was one. */
  spend(token: string): boolean {
    const wrapped = this.#living(token);
    if (wrapped) this.#spend(token, wrapped);
    return wrapped !== undefined;
  }

  #spend(token: string, wrapped: Wrapped): void {
    this.#wrapped.delete(token);
    this.#ledger.end(wrapped.entry, 'revoked');
  }

  #living(token: string): Wrapped | undefined {
    const wrapped = this.#wrapped.get(token);
    return wrapped && this.#clock.now() < wrapped.createdAt + wrapped.ttl * 1000 ? wrapped : undefined;
  }
}
