// Which of STS's answers pass by themselves (facts: aws 2.1); AccessDenied is not among them.
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import { errorOf } from './error.ts';

/** For every call to STS: a session that nobody heard of costs nothing and ends by itself, so that all may be repeated. */
export const POLICY: RetryPolicy = {
  ...SAFE,
  transient(answer) {
    const { code, message } = errorOf(answer.body);
    if (code === 'InvalidIdentityToken') return /retrieve verification key/.test(message);
    return code === 'IDPCommunicationError' || code === 'Throttling' || code === 'ThrottlingException';
  },
};
