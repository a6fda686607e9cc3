// What an authority tells somebody without a credential: whether what a step names is there, as far as such answers go.
import { type Answer, NetworkFault, type Request, type Send } from './http.ts';
import { unreachable } from './reach.ts';

/** One thing that was asked, or that cannot be. */
export interface Finding {
  /** Stable, for the report: `endpoint`, `tenant`, `role` ... */
  readonly what: string;
  /** The same for people: `the tenant octo.example.com`. */
  readonly named: string;
  readonly answer: 'yes' | 'no' | 'unknown';
  /** How that is known, or why it cannot be; a sentence without its full stop. */
  readonly why: string;
}

const TRY_MS = 10_000;

/** One question. An answer that does not come is a `no`, with what hindered it. */
export async function asked(
  send: Send,
  request: Request,
  named: Pick<Finding, 'what' | 'named'>,
  judge: (answer: Answer) => Omit<Finding, 'what' | 'named'>,
): Promise<Finding> {
  try {
    return { ...named, ...judge(await send({ timeoutMs: TRY_MS, ...request })) };
  } catch (thrown) {
    if (!(thrown instanceof NetworkFault)) throw thrown;
    return { ...named, answer: 'no', why: unreachable('check', new URL(request.url).host, thrown).message };
  }
}
