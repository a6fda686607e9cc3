// AWS: one call to STS, and what its answers mean.
import { issuedAt } from '../../core/claims.ts';
import { Failure } from '../../core/failure.ts';
import type { Grant, Keep } from '../../core/grant.ts';
import { type Answer, NetworkFault } from '../../core/http.ts';
import { spoken } from '../../core/kinds.ts';
import type { ExchangePorts, Identities, Identity, Job } from '../../core/provider.ts';
import { type RetryPolicy, SAFE } from '../../core/retry.ts';
import { iso } from '../../core/time.ts';
import { assumeRoleWithWebIdentity, type SessionAnswer } from './client.ts';
import { errorOf, type StsError } from './error.ts';
import type { AwsRequest } from './inputs.ts';
import { timeBoxed } from './policy.ts';

/** STS's own codes that pass by themselves (facts: aws 2.1); AccessDenied is not among them. */
const POLICY: RetryPolicy = {
  ...SAFE,
  transient(answer) {
    const { code, message } = errorOf(answer.body);
    if (code === 'InvalidIdentityToken') return /retrieve verification key/.test(message);
    return code === 'IDPCommunicationError' || code === 'Throttling' || code === 'ThrottlingException';
  },
};

export async function exchange(
  request: AwsRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Grant> {
  const first = identities.get('exchange');
  let identity = first;
  let outcome = await assume(request, identity, ports);
  if (!outcome.session && errorOf(outcome.answer.body).code === 'ExpiredTokenException') {
    identity = await identities.renew('exchange');
    outcome = await assume(request, identity, ports);
  }
  if (!outcome.session) throw refusal(outcome.answer, request);
  return granted(request, outcome.session, outcome.answer, identity, keep);
}

async function assume(request: AwsRequest, identity: Identity, ports: ExchangePorts) {
  const policy = sessionPolicy(request, identity);
  try {
    return await assumeRoleWithWebIdentity(
      {
        endpoint: request.endpoint,
        region: request.region,
        roleArn: request.roleArn,
        sessionName: request.sessionName ?? sessionName(ports.job, ports.random.hex(4)),
        duration: request.duration,
        policyArns: request.policyArns,
        ...(policy !== undefined && { policy }),
      },
      identity.token,
      ports.patient(POLICY),
    );
  } catch (thrown) {
    throw thrown instanceof NetworkFault ? unreachable(thrown) : thrown;
  }
}

/** T is counted on GitHub's clock, since the runner's may be wrong. */
function sessionPolicy(request: AwsRequest, identity: Identity): string | undefined {
  const start = issuedAt(identity.claims);
  if (request.timeBox === undefined || start === undefined) return request.policy;
  return timeBoxed(request.policy, request.policyArns.length > 0, start + request.timeBox * 1000);
}

/** `gh-<run>-<attempt>-<nonce>`: unique, so that one session can be told from all others in CloudTrail and in `aws:userid`. */
export function sessionName(job: Job, nonce: string): string {
  return `gh-${job.runId ?? '0'}-${job.runAttempt ?? '1'}-${nonce}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}

function granted(request: AwsRequest, session: SessionAnswer, answer: Answer, identity: Identity, keep: Keep): Grant {
  // Masked first, whatever the checks below say about them.
  const secretKey = keep.secret(session.secretAccessKey ?? '', 'AWS_SECRET_ACCESS_KEY');
  const sessionToken = keep.secret(session.sessionToken ?? '', 'AWS_SESSION_TOKEN');
  const { arn, account, expiresAt, keyId } = checked(session, answer, request);
  const denied = request.timeBox === undefined ? undefined : (issuedAt(identity.claims) ?? 0) + request.timeBox * 1000;
  const ends = denied === undefined ? expiresAt : Math.min(denied, expiresAt);
  const expiration = iso(ends);
  const keys = [
    { name: 'AWS_ACCESS_KEY_ID', output: 'aws-access-key-id', value: keyId },
    { name: 'AWS_SECRET_ACCESS_KEY', output: 'aws-secret-access-key', value: secretKey },
    { name: 'AWS_SESSION_TOKEN', output: 'aws-session-token', value: sessionToken },
  ];
  return {
    cloud: 'aws',
    credentials: [
      {
        cloud: 'aws',
        kind: 'AWS session',
        holder: arn,
        expiresAt: ends,
        ending: denied === undefined ? 'expires' : 'denied after',
        ...(answer.headers['x-amzn-requestid'] && { requestId: answer.headers['x-amzn-requestid'] }),
      },
    ],
    variables: [
      ...keys.map(({ name, value }) => ({ name, value })),
      { name: 'AWS_CREDENTIAL_EXPIRATION', value: expiration },
      { name: 'AWS_REGION', value: request.region },
      { name: 'AWS_DEFAULT_REGION', value: request.region },
    ],
    outputs: [
      { name: 'aws-account-id', value: account },
      { name: 'aws-role-arn', value: request.roleArn },
      { name: 'aws-session-arn', value: arn },
    ],
    secretOutputs: keys.map(({ output, value }) => ({ name: output, value })),
    files: [],
    expiresAt: ends,
    remarks: [`AWS: ${arn}`],
    warnings: denied === undefined ? [] : [timeBoxNote(request.timeBox ?? 0)],
  };
}

function timeBoxNote(seconds: number): string {
  return (
    `AWS sessions live at least 15 minutes; this one is denied everything ${spoken(seconds)} after the token was issued. ` +
    'What was derived from it before then (a registry login, a chained session) is not reached by that.'
  );
}

/** What STS says is used only when it has the form that it must have (INVARIANTS 9). */
function checked(session: SessionAnswer, answer: Answer, request: AwsRequest) {
  const arn = session.assumedRoleArn ?? '';
  const [, account] = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/[\w+=,.@/-]+$/.exec(arn) ?? [];
  const keyId = /^[A-Z0-9]{16,128}$/.test(session.accessKeyId ?? '') ? session.accessKeyId : undefined;
  const printable = [session.secretAccessKey, session.sessionToken].every((v) => v && /^[\x21-\x7e]+$/.test(v));
  const expiresAt = session.expiration?.getTime() ?? Number.NaN;
  if (!account || !keyId || !printable || Number.isNaN(expiresAt)) throw badAnswer(answer, request);
  const allowed = request.allowedAccountIds.length === 0 || request.allowedAccountIds.includes(account);
  if (account === request.accountId && allowed) return { arn, account, keyId, expiresAt };
  throw new Failure(
    'aws/wrong-account',
    `STS gave a session in account ${account}, which is not the one that was asked for`,
    {},
    ['Nothing was exported. Check aws-sts-endpoint, aws-role-arn and aws-allowed-account-ids.'],
  );
}

function badAnswer(answer: Answer, request: AwsRequest): Failure {
  return new Failure(
    'aws/bad-answer',
    'STS answered with something that is not a session',
    { host: new URL(request.endpoint).host, status: answer.status },
    ['Something between the runner and AWS answers in its place: look for a proxy or a login page.'],
  );
}

function refusal(answer: Answer, request: AwsRequest): Failure {
  const error: StsError = errorOf(answer.body);
  if (!error.code) return answer.status < 400 ? badAnswer(answer, request) : unavailable(answer, request);
  const evidence = {
    host: new URL(request.endpoint).host,
    status: answer.status,
    code: error.code,
    said: error.message,
    ...(error.requestId && { requestId: error.requestId }),
  };
  return new Failure('aws/refused', `STS refused the session: ${error.code}`, evidence);
}

function unavailable(answer: Answer, request: AwsRequest): Failure {
  return new Failure(
    'aws/unavailable',
    `STS answered ${answer.status} without saying why`,
    { host: new URL(request.endpoint).host, status: answer.status },
    ['Look at the proxy, if there is one, and at https://health.aws.amazon.com.'],
  );
}

function unreachable(fault: NetworkFault): Failure {
  return new Failure(
    'aws/unreachable',
    `STS could not be reached (${fault.code})`,
    { host: fault.host, code: fault.code },
    [`Check that the runner may reach ${fault.host}, and the proxy variables if it sits behind one.`],
  );
}
