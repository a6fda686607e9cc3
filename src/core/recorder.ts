// What the transport saw, kept beside an SDK that hides it: status, headers, body, or the fault. The SDK's own error is never read.
import type { Answer, Request, Send } from './http.ts';

interface Recorder {
  readonly send: Send;
  /** The last answer, if one came after the last fault. */
  answer(): Answer | undefined;
  /** What `send` last rejected with, if no answer came after it. */
  fault(): unknown;
}

/** Wraps `send`; one recorder for one exchange. */
function recorder(send: Send): Recorder {
  let answer: Answer | undefined;
  let fault: unknown;
  return {
    async send(request: Request): Promise<Answer> {
      answer = fault = undefined;
      try {
        answer = await send(request);
        return answer;
      } catch (thrown) {
        fault = thrown;
        throw thrown;
      }
    },
    answer: () => answer,
    fault: () => fault,
  };
}

/**
 * Runs an SDK call over a recorder. Resolves with the SDK's result and the answer behind it, or with the answer alone where the SDK
 * made an error of it. Rejects with what the transport rejected with.
 */
export async function recorded<T>(
  send: Send,
  call: (send: Send) => Promise<T>,
): Promise<{ result?: T; answer: Answer }> {
  const seen = recorder(send);
  let result: T | undefined;
  let thrown: unknown;
  try {
    result = await call(seen.send);
  } catch (error) {
    thrown = error;
  }
  const answer = seen.answer();
  if (seen.fault() !== undefined) throw seen.fault();
  if (!answer) throw thrown ?? new Error('the SDK answered without asking');
  return thrown === undefined && result !== undefined ? { result, answer } : { answer };
}
