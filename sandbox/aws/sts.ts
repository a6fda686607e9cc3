// STS's query protocol: which operation a call is, and its answer as a document.
import { randomUUID } from 'node:crypto';
import type { Call, Reply } from '../service.ts';
import { assumeRole } from './assume-role.ts';
import { STS_NAMESPACE, StsRefusal, stsError, unknownOperation, xmlReply } from './refusal.ts';
import type { Endpoint } from './regions.ts';
import type { Session } from './sessions.ts';
import type { Request, State } from './state.ts';
import { authenticate } from './sts-authentication.ts';
import { assumeRoleWithWebIdentity } from './web-identity.ts';
import { type Element, element } from './xml.ts';

const VERSION = '2011-06-15';
const SIGNED = new Set(['AssumeRole', 'GetCallerIdentity']);

/** The form of a call; undefined where STS would see none. */
export function readForm(call: Call): URLSearchParams | undefined {
  const type = (call.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return call.method === 'POST' && type === 'application/x-www-form-urlencoded'
    ? new URLSearchParams(call.body)
    : undefined;
}

export function answerSts(call: Call, endpoint: Endpoint, state: State): Reply {
  // The real one also takes GET; here a token in a URL is refused.
  if (call.url.searchParams.has('Action')) return { status: 405, headers: { allow: 'POST' }, body: '' };
  const form = readForm(call);
  const action = form?.get('Action') ?? null;
  if (form === undefined || action === null) {
    return {
      status: 302,
      headers: { location: `https://aws.amazon.com/iam${call.url.search}`, 'x-amzn-requestid': randomUUID() },
    };
  }
  try {
    const result = perform(action, call, { endpoint, form }, state);
    return answer(action, result);
  } catch (thrown) {
    if (thrown instanceof StsRefusal) return stsError(thrown.status, thrown.code, thrown.message, thrown.namespace);
    throw thrown;
  }
}

function perform(action: string, call: Call, request: Request, state: State): Element {
  const version = request.form.get('Version');
  const known = action === 'AssumeRoleWithWebIdentity' || SIGNED.has(action);
  if (!known || version !== VERSION) throw unknownOperation(action, version);
  if (action === 'AssumeRoleWithWebIdentity') return assumeRoleWithWebIdentity(request, state);
  const caller = authenticate(call, request.endpoint, state.sessions, state.clock.now());
  return action === 'AssumeRole' ? assumeRole(request, caller, state) : callerIdentity(caller);
}

/** Answered whatever the caller's policies say, even a Deny (facts: aws 3.1). */
function callerIdentity({ arn, userId, role }: Session): Element {
  return { Arn: arn, UserId: userId, Account: role.accountId };
}

function answer(action: string, result: Element): Reply {
  const requestId = randomUUID();
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xmlReply(200, element(`${action}Response`, content, STS_NAMESPACE), requestId);
}
