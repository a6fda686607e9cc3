// What the last session gives to later steps: in the environment, or as a profile.

import type { Credential, Grant, Variable } from '../../core/grant.ts';
import { spoken } from '../../core/kinds.ts';
import type { Keeper } from '../../core/provider.ts';
import { iso } from '../../core/time.ts';
import { CHAINED_LIMIT } from './chain-request.ts';
import { type AwsRequest, lastRole } from './request.ts';
import { type Session, wrongAccount } from './session.ts';

/** How a session reaches later steps. */
export type Handing = Pick<Grant, 'variables' | 'files' | 'shadows'> & Partial<Pick<Grant, 'handover'>>;

/** The grant of a chain's sessions, of which the last one is handed on, to the keeper where there is one. Throws `aws/wrong-account`. */
export async function granted(request: AwsRequest, sessions: readonly Session[], keeper?: Keeper): Promise<Grant> {
  const session = sessions.at(-1) as Session;
  const { allowedAccountIds: allowed, timeBox } = request;
  if (allowed.length > 0 && !allowed.includes(session.account)) throw wrongAccount(session.account);
  const { deniedAt } = session;
  const ends = Math.min(deniedAt ?? session.expiresAt, session.expiresAt);
  const handing = request.profile ? (await import('./profile.ts')).asProfile : inEnvironment;
  return {
    cloud: 'aws',
    credentials: [
      ...sessions.slice(0, -1).map((hop) => credential(hop, 'AWS session of an earlier hop', hop.expiresAt, 'expires')),
      credential(session, 'AWS session', ends, deniedAt === undefined ? 'expires' : 'denied after'),
    ],
    ...(keeper
      ? (await import('./container.ts')).fromKeeper(request, session, ends, keeper)
      : handing(request, session, ends)),
    outputs: [
      { name: 'aws-account-id', value: session.account },
      { name: 'aws-role-arn', value: lastRole(request) },
      { name: 'aws-session-arn', value: session.arn },
    ],
    secretOutputs: [
      { name: 'aws-access-key-id', value: session.accessKey },
      { name: 'aws-secret-access-key', value: session.secretKey },
      { name: 'aws-session-token', value: session.token },
    ],
    expiresAt: keeper?.until ?? ends,
    remarks: [`AWS: ${session.arn}`, ...(keeper ? keptNote(keeper) : shortened(request))],
    warnings: timeBox === undefined ? [] : [timeBoxNote(timeBox)],
  };
}

function credential(
  { arn, requestId }: Session,
  kind: string,
  expiresAt: number,
  ending: Credential['ending'],
): Credential {
  return { cloud: 'aws', kind, holder: arn, expiresAt, ending, ...(requestId && { requestId }) };
}

function inEnvironment({ region }: AwsRequest, session: Session, ends: number): Handing {
  const variables: Variable[] = [
    { name: 'AWS_ACCESS_KEY_ID', value: session.accessKey },
    { name: 'AWS_SECRET_ACCESS_KEY', value: session.secretKey },
    { name: 'AWS_SESSION_TOKEN', value: session.token },
    { name: 'AWS_CREDENTIAL_EXPIRATION', value: iso(ends) },
    { name: 'AWS_REGION', value: region },
    { name: 'AWS_DEFAULT_REGION', value: region },
  ];
  // SDKs take it for the account of these keys, and put it into endpoints.
  return { variables, files: [], shadows: [{ name: 'AWS_ACCOUNT_ID', harmless: session.account }] };
}

function keptNote({ until, behindProxy }: Keeper): string[] {
  const proxy = behindProxy ? ' Put 127.0.0.1 into NO_PROXY, for SDKs that would ask the proxy for it.' : '';
  return [
    `AWS: sessions are kept fresh until ${iso(until)} (AWS_CONTAINER_CREDENTIALS_FULL_URI). A default profile in ~/.aws/credentials would win over them.${proxy}`,
  ];
}

/** A chain is cut to an hour, whatever `lifetime` says: it is said. */
function shortened({ cutFrom }: AwsRequest): string[] {
  if (cutFrom === undefined) return [];
  return [
    `AWS lets a session at the end of a chain live ${spoken(CHAINED_LIMIT)} at most: it ends before the lifetime of ${spoken(cutFrom)}.`,
  ];
}

function timeBoxNote(seconds: number): string {
  return (
    `AWS sessions live at least 15 minutes; this one is denied everything ${spoken(seconds)} after the token was issued. ` +
    'What was derived from it before then (a registry login, a chained session) is not reached by that.'
  );
}
