// Where consumers are served: who may ask, for what, how often. Nobody is told why a request was refused but by its status, and nothing is
// minted for one that is refused (INVARIANTS 18).
import type { Form, Reply } from '../core/charge.ts';
import { Failure } from '../core/failure.ts';
import type { Clock, LocalCall, Random } from '../core/ports.ts';
import type { Supply } from './supply.ts';

type Served = Extract<Form, { kind: 'served' }>;

interface Shelf {
  readonly form: Served;
  readonly secret: string;
  readonly supply: Supply;
}

/** SDKs that hold nothing ask for every request that they sign: many at once are usual, this many are not. */
const BURST = 200;
const BURST_MS = 1_000;

export class Counter {
  readonly #clock: Clock;
  readonly #random: Random;
  /** Secrets are compared as fingerprints under this key: how long it takes tells nothing about them. */
  readonly #key: string;
  readonly #shelves = new Map<string, Shelf>();
  #stop: { readonly secret: string; readonly then: () => Reply } | undefined;
  /** When each was answered lately: a stranger's flood must not keep consumers out. */
  #calls: Record<'consumer' | 'stranger', number[]> = { consumer: [], stranger: [] };

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#key = random.hex(16);
  }

  offer(form: Served, secret: string, supply: Supply): void {
    this.#shelves.set(form.path, { form, secret, supply });
  }

  /** `then` is called when post has shown `secret`. */
  heedStop(secret: string, then: () => Reply): void {
    this.#stop = { secret, then };
  }

  async answer(call: LocalCall): Promise<Reply> {
    if (call.host !== `127.0.0.1:${call.port}`) return refused(421, 'This is not the host that was asked for');
    // No consumer is a page of a browser.
    if (call.headers.origin !== undefined || call.headers['sec-fetch-site'] !== undefined)
      return refused(403, 'Not for browsers');
    if (call.path === '/stop') return this.#stopped(call);
    const shelf = this.#shelves.get(call.path);
    if (!shelf) return refused(404, 'There is nothing here');
    const { form, secret, supply } = shelf;
    const fault = this.#fault(call, 'GET', form.authorization(secret));
    if (this.#tooMany(fault ? 'stranger' : 'consumer'))
      return form.refusal(429, new Failure('keeper/busy', 'Too many requests at a time'));
    if (fault) return form.refusal(fault.status, new Failure('keeper/refused', fault.why));
    const value = await supply.take();
    return value instanceof Failure ? form.refusal(503, value) : { status: 200, body: value };
  }

  #stopped(call: LocalCall): Reply {
    if (!this.#stop) return refused(404, 'There is nothing here');
    const fault = this.#fault(call, 'POST', `Bearer ${this.#stop.secret}`);
    return fault ? refused(fault.status, fault.why) : this.#stop.then();
  }

  #fault(call: LocalCall, method: string, authorization: string): { status: number; why: string } | undefined {
    if (call.method !== method) return { status: 405, why: `Only ${method} is answered here` };
    const given = call.headers.authorization ?? '';
    const [a, b] = [given, authorization].map((text) => this.#random.fingerprint(this.#key, text));
    return a === b ? undefined : { status: 401, why: 'The authorization is not the one of this step' };
  }

  #tooMany(who: 'consumer' | 'stranger'): boolean {
    const now = this.#clock.steady();
    this.#calls[who] = this.#calls[who].filter((at) => now - at < BURST_MS).slice(-BURST);
    return this.#calls[who].push(now) > BURST;
  }
}

function refused(status: number, why: string): Reply {
  return { status, body: JSON.stringify({ error: 'refused', error_description: why }) };
}
