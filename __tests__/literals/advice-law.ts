// What every provider's advice and trust keep, whatever an authority answers and a token claims.
import fc from 'fast-check';
import type { Claims } from '../../src/core/claims.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Counsel } from '../../src/core/provider.ts';
import { hostile, isTame } from './hostile.ts';
import { BRANCH } from './presented.ts';

const LONGEST_LINE = 300;
const NAMES = ['sub', 'iss', 'aud', 'environment', 'repository', 'job_workflow_ref', 'ref', 'actor'] as const;

/** Every line that people would see of a failure. */
export function shownLines(failure: Failure): string[] {
  return [failure.message, ...failure.fixes, ...Object.values(failure.evidence).map(String)];
}

/** Plants `text` in the answer and in one claim at a time; true where no line came out that could do harm. */
export function staysTame<Request>(
  counsel: Omit<Counsel<Request>, 'documents'>,
  request: Request,
  answers: readonly {
    readonly id: string;
    readonly code?: string;
    readonly said?: string;
    readonly status?: number;
    readonly hop?: number;
  }[],
): void {
  fc.assert(
    fc.property(fc.constantFrom(...answers), fc.constantFrom(...NAMES), hostile, (answer, name, text) => {
      const { id, ...evidence } = answer;
      const claims: Claims = { ...BRANCH, [name]: text };
      const failure = new Failure(id, 'refused', {
        ...evidence,
        said: `${evidence.said ?? ''} ${text}`,
        requestId: text,
      });
      const advised = counsel.advise(failure, request, claims);
      const lines = [...shownLines(advised), ...counsel.trust(request, claims)];
      return lines.every(isTame) && advised.fixes.every((fix) => fix.length <= LONGEST_LINE);
    }),
    { numRuns: 300 },
  );
}
