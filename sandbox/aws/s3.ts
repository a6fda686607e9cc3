// S3's ListBuckets: the one thing that a session of this world can be used for, so that policies can be seen to allow and deny.
import { randomBytes } from 'node:crypto';
import type { Call, Reply } from '../service.ts';
import { currentRole, decideByPermissions, permissionsOf } from './authorization.ts';
import { callKeys, contextOf, sessionKeys } from './context.ts';
import { decide, type Question } from './policy.ts';
import type { Endpoint } from './regions.ts';
import { authenticate } from './s3-authentication.ts';
import { S3Refusal, s3Error, s3Reply } from './s3-refusal.ts';
import type { Session } from './sessions.ts';
import type { State } from './state.ts';
import { escaped } from './xml.ts';

const ACTION = 's3:ListAllMyBuckets';

export function answerS3(call: Call, endpoint: Endpoint, state: State): Reply {
  try {
    if (call.method !== 'GET' || call.url.pathname !== '/') throw notPlayed(call);
    const session = authenticate(call, endpoint, state.sessions, state.clock.now());
    authorize(session, endpoint, state);
    return listBuckets(session, state);
  } catch (thrown) {
    if (thrown instanceof S3Refusal) return s3Error(thrown);
    throw thrown;
  }
}

function notPlayed({ url }: Call): S3Refusal {
  const [, bucket] = url.pathname.split('/');
  if (bucket) return new S3Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket });
  return new S3Refusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

/** Says which policy refused, as S3 does. */
function authorize(session: Session, endpoint: Endpoint, state: State): void {
  const context = contextOf(callKeys(state.clock.now(), endpoint.region), sessionKeys(session));
  const question: Question = { action: ACTION, resource: '*', context };
  const role = currentRole(session, state.trust());
  const { decision } = decideByPermissions(session, role, question);
  if (decision === 'allow') return;
  const identity = decide(permissionsOf(role), question);
  const kind =
    identity === 'allow' || (decision === 'explicit deny' && identity !== 'explicit deny')
      ? 'session'
      : 'identity-based';
  const why =
    decision === 'explicit deny'
      ? `with an explicit deny in ${kind === 'session' ? 'a' : 'an'} ${kind} policy`
      : `because no ${kind} policy allows the ${ACTION} action`;
  throw new S3Refusal(403, 'AccessDenied', `User: ${session.arn} is not authorized to perform: ${ACTION} ${why}`);
}

function listBuckets({ role }: Session, state: State): Reply {
  const buckets = state.trust().accounts[role.accountId]?.buckets ?? [];
  const created = '2026-01-02T03:04:05.000Z';
  const list = buckets.map(
    (name) => `<Bucket><Name>${escaped(name)}</Name><CreationDate>${created}</CreationDate></Bucket>`,
  );
  const document = `<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>${role.accountId}</ID></Owner><Buckets>${list.join('')}</Buckets></ListAllMyBucketsResult>`;
  return s3Reply(200, document, randomBytes(8).toString('hex').toUpperCase(), randomBytes(56).toString('base64'));
}
