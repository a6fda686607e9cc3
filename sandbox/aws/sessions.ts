// The sessions that STS has issued: the only credentials of this world. A session ends by itself; nothing revokes it (facts: aws 3.1).
import { randomBytes } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Ledger } from '../ledger.ts';
import type { Policy } from './document.ts';
import type { FoundRole } from './roles.ts';

export interface SessionRequest {
  readonly role: FoundRole;
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  /** Inline and managed session policies: together they narrow the role's permissions. Empty: they do not. */
  readonly policies: readonly Policy[];
  /** Key to value, keys as they were given. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Keys in lower case, of tags that further hops keep. */
  readonly transitive?: ReadonlySet<string>;
  readonly sourceIdentity?: string;
  /** Condition keys of the federation, in lower case, which permissions may ask for. */
  readonly federation?: ReadonlyMap<string, readonly string[]>;
}

export interface Session extends SessionRequest {
  readonly accessKeyId: string;
  readonly secretKey: string;
  readonly token: string;
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/NAME`. */
  readonly arn: string;
  /** `AROA...:NAME`. */
  readonly userId: string;
  /** Milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export class Sessions {
  readonly #byKey = new Map<string, Session>();
  readonly #clock: WorldClock;
  readonly #ledger: Ledger;

  constructor(clock: WorldClock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  issue(request: SessionRequest): Session {
    const { role, name, duration } = request;
    const partition = role.account.partition ?? 'aws';
    const now = Math.floor(this.#clock.now() / 1000) * 1000;
    const session: Session = {
      ...request,
      accessKeyId: `ASIA${randomText(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      secretKey: randomBytes(30).toString('base64'),
      token: `IQoJb3JpZ2luX2Vj${randomBytes(300).toString('base64')}`,
      arn: `arn:${partition}:sts::${role.accountId}:assumed-role/${role.name}/${name}`,
      userId: `${role.role.id}:${name}`,
      issuedAt: now,
      expiresAt: now + duration * 1000,
    };
    this.#byKey.set(session.accessKeyId, session);
    this.#ledger.issue({
      id: session.accessKeyId,
      service: 'aws',
      kind: 'session',
      holder: session.arn,
      scope: role.arn,
      expiresAt: session.expiresAt,
      revocable: false,
      secrets: [session.secretKey, session.token],
    });
    return session;
  }

  find(accessKeyId: string): Session | undefined {
    return this.#byKey.get(accessKeyId);
  }

  isExpired(session: Session): boolean {
    return this.#clock.now() >= session.expiresAt;
  }
}

function randomText(length: number, alphabet: string): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}
