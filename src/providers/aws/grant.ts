// What a session gives to later steps, once its answer has the form that it must have (INVARIANTS 9).

import { issuedAt } from '../../core/claims.ts';
import { Failure } from '../../core/failure.ts';
import type { Grant, Keep } from '../../core/grant.ts';
import type { Answer } from '../../core/http.ts';
import { spoken } from '../../core/kinds.ts';
import type { Identity, Keeper } from '../../core/provider.ts';
import { iso } from '../../core/time.ts';
import type { SessionAnswer } from './client.ts';
import { authorizationFile, CONTAINER_SHADOWS, containerHandover, containerVariables } from './container.ts';
import { badAnswer } from './refusal.ts';
import type { AwsRequest } from './request.ts';

export function granted(
  request: AwsRequest,
  session: SessionAnswer,
  answer: Answer,
  identity: Identity,
  keep: Keep,
  keeper?: Keeper,
): Grant {
  // Masked first, whatever the checks below say about them.
  const secretKey = keep.secret(session.secretAccessKey ?? '', 'AWS_SECRET_ACCESS_KEY');
  const sessionToken = keep.secret(session.sessionToken ?? '', 'AWS_SESSION_TOKEN');
  const accessKey = keep.secret(session.accessKeyId ?? '', 'AWS_ACCESS_KEY_ID');
  const { arn, account, expiresAt } = checked(session, answer, request);
  const denied = request.timeBox === undefined ? undefined : (issuedAt(identity.claims) ?? 0) + request.timeBox * 1000;
  const ends = denied === undefined ? expiresAt : Math.min(denied, expiresAt);
  const expiration = iso(ends);
  const keys = [
    { name: 'AWS_ACCESS_KEY_ID', output: 'aws-access-key-id', value: accessKey },
    { name: 'AWS_SECRET_ACCESS_KEY', output: 'aws-secret-access-key', value: secretKey },
    { name: 'AWS_SESSION_TOKEN', output: 'aws-session-token', value: sessionToken },
  ];
  const secretOutputs = keys.map(({ output, value }) => ({ name: output, value }));
  const region = ['AWS_REGION', 'AWS_DEFAULT_REGION'].map((name) => ({ name, value: request.region }));
  const exported = [
    ...keys.map(({ name, value }) => ({ name, value })),
    { name: 'AWS_CREDENTIAL_EXPIRATION', value: expiration },
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
    variables: [...(keeper ? containerVariables(keeper) : exported), ...region],
    outputs: [
      { name: 'aws-account-id', value: account },
      { name: 'aws-role-arn', value: request.roleArn },
      { name: 'aws-session-arn', value: arn },
    ],
    secretOutputs,
    files: keeper ? [authorizationFile(keeper)] : [],
    expiresAt: keeper?.until ?? ends,
    remarks: [`AWS: ${arn}`, ...(keeper ? [keptNote(keeper)] : [])],
    warnings: denied === undefined ? [] : [timeBoxNote(request.timeBox ?? 0)],
    ...(keeper && {
      shadows: CONTAINER_SHADOWS,
      handover: containerHandover({ secretOutputs, expiresAt: ends }, request.duration),
    }),
  };
}

function keptNote({ until, behindProxy }: Keeper): string {
  const proxy = behindProxy ? ' Put 127.0.0.1 into NO_PROXY, for SDKs that would ask the proxy for it.' : '';
  return `AWS: sessions are kept fresh until ${iso(until)} (AWS_CONTAINER_CREDENTIALS_FULL_URI). A default profile in ~/.aws/credentials would win over them.${proxy}`;
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
  const keyed = /^[A-Z0-9]{16,128}$/.test(session.accessKeyId ?? '');
  const printable = [session.secretAccessKey, session.sessionToken].every((v) => v && /^[\x21-\x7e]+$/.test(v));
  const expiresAt = session.expiration?.getTime() ?? Number.NaN;
  if (!account || !keyed || !printable || Number.isNaN(expiresAt)) throw badAnswer(answer, request);
  const allowed = request.allowedAccountIds.length === 0 || request.allowedAccountIds.includes(account);
  if (account === request.accountId && allowed) return { arn, account, expiresAt };
  throw new Failure(
    'aws/wrong-account',
    `STS gave a session in account ${account}, which is not the one that was asked for`,
    {},
    ['Nothing was exported. Check aws-sts-endpoint, aws-role-arn and aws-allowed-account-ids.'],
  );
}
