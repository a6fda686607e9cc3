// What the keeper keeps fresh: one value, how it is renewed, and how its consumers read it.
import type { Failure } from './failure.ts';
import type { Handover, Keep } from './grant.ts';
import type { ExchangePorts, Identities } from './provider.ts';

/** A value and how long it works, counted from when it was obtained: on a clock of one's own, since the authority's may differ. */
export interface Fresh {
  readonly value: string;
  readonly lifeMs: number;
  /** Nothing renews it any more: the authority has given all that it gives. */
  readonly last?: true;
}

/** What a consumer is answered over the loopback, in the format of its SDK. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** How consumers read the value. */
export type Form =
  /**
   * They read a file of the step's folder, which is replaced. `within`: where the value is but a part of it, the file with the new value in place of
   * the old one; undefined where there is none any more, and nothing is written.
   */
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly within?: (content: string | undefined, value: string) => string | undefined;
    }
  /** They ask the keeper, with the secret of the cloud in `authorization`. */
  | {
      readonly kind: 'served';
      readonly path: string;
      readonly authorization: (secret: string) => string;
      /** The refusal of a request, or of the authority behind. */
      readonly refusal: (status: number, failure: Failure) => Reply;
    }
  /** They hold it already: it lives longer, and stays what it is. */
  | { readonly kind: 'held' };

export interface Charge {
  /** For people: `AWS session`. */
  readonly what: string;
  readonly form: Form;
  /** Each renewal obtains a credential that nobody can end: post says until when the last one lives. */
  readonly outlives?: true;
  /** What main obtained. */
  readonly first: Fresh;
  /** Milliseconds after which it is renewed; not given: half its life. */
  readonly renewAfterMs?: number;
  /** The identity tokens that one renewal needs: audiences by use. */
  readonly audiences: Readonly<Record<string, string>>;
  /** One renewal. Rejects with a failure; a later try may succeed. */
  renew(identities: Identities, ports: ExchangePorts, keep: Keep): Promise<Fresh>;
}

/** One cloud's part of the keeper: from its checked request and what main handed over. Loads an SDK only when something is renewed. */
export interface Upkeep {
  /** `until`: when the keeper ends, milliseconds. */
  charges(request: unknown, handover: Handover, until: number): readonly Charge[];
}
