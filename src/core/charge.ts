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
  /** They read a file of the step's folder, which is replaced. */
  | { readonly kind: 'file'; readonly name: string }
  /** They read a part of a file of another program, which writes it too: that part is exchanged under the program's own lock. */
  | {
      readonly kind: 'shared';
      /** The inner folder of the step's folder that is the program's, and the file in it. */
      readonly folder: string;
      readonly name: string;
      /** The file that is there while somebody writes. */
      readonly lock: string;
      /** The new content; undefined: the part is there no more, and is not put back. Throws where the file cannot be read. */
      readonly edit: (content: string, value: string) => string | undefined;
      /** Another file of that folder, and until when what the program obtained with the part lives, by its content; milliseconds. */
      readonly obtained: { readonly name: string; readonly ends: (content: string | undefined) => number | undefined };
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
  /** What main obtained lives longer by each renewal: the name by which post tells of it. */
  readonly prolongs?: string;
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
