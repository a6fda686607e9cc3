// One session that STS gave: masked the moment it comes, and used only when it has the form that it must have (INVARIANTS 9).

import { Failure } from '../../core/failure.ts';
import type { Keep } from '../../core/grant.ts';
import type { Answer } from '../../core/http.ts';
import { expiring } from '../../core/ledger.ts';
import type { Secret } from '../../core/secret.ts';
import type { SessionAnswer } from './client.ts';
import { badAnswer } from './refusal.ts';
import { type AwsRequest, accountOf } from './request.ts';

export interface Session {
  readonly arn: string;
  readonly account: string;
  /** Milliseconds. */
  readonly expiresAt: number;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly token: Secret;
  readonly requestId?: string;
  /** From when on its time box denies everything, in milliseconds. */
  readonly deniedAt?: number;
}

/** The call that an answer answers. */
export interface Asked {
  readonly request: AwsRequest;
  readonly roleArn: string;
  /** Which hop of a chain, from 1. */
  readonly hop?: number;
  readonly deniedAt?: number;
}

/** The session in an answer. Nothing can revoke it: what is owed is to say when it ends. Throws `aws/bad-answer` or `aws/wrong-account`. */
export function received(given: SessionAnswer, answer: Answer, asked: Asked, keep: Keep): Session {
  // Masked first, whatever the checks below say about them.
  const secretKey = keep.secret(given.secretAccessKey ?? '', 'AWS_SECRET_ACCESS_KEY');
  const token = keep.secret(given.sessionToken ?? '', 'AWS_SESSION_TOKEN');
  const accessKey = keep.secret(given.accessKeyId ?? '', 'AWS_ACCESS_KEY_ID');
  const arn = given.assumedRoleArn ?? '';
  const [, account] = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/[\w+=,.@/-]+$/.exec(arn) ?? [];
  const keyed = /^[A-Z0-9]{16,128}$/.test(given.accessKeyId ?? '');
  const printable = [given.secretAccessKey, given.sessionToken].every((v) => v && /^[\x21-\x7e]+$/.test(v));
  const expiresAt = given.expiration?.getTime() ?? Number.NaN;
  if (!account || !keyed || !printable || Number.isNaN(expiresAt)) throw badAnswer(answer, asked.request, asked.hop);
  if (account !== accountOf(asked.roleArn)) throw wrongAccount(account);
  const requestId = answer.headers['x-amzn-requestid'];
  const { deniedAt } = asked;
  const end = endOf(expiresAt, deniedAt);
  keep.owe(expiring(`AWS session ${arn}`, end.at, end.note));
  return {
    ...{ arn, account, expiresAt, accessKey, secretKey, token },
    ...(requestId && { requestId }),
    ...(deniedAt !== undefined && { deniedAt }),
  };
}

function endOf(expiresAt: number, deniedAt: number | undefined): { at: number; note?: string } {
  return deniedAt === undefined || deniedAt >= expiresAt
    ? { at: expiresAt }
    : { at: deniedAt, note: 'its time box denies everything from then on' };
}

export function wrongAccount(account: string): Failure {
  return new Failure(
    'aws/wrong-account',
    `STS gave a session in account ${account}, which is not the one that was asked for`,
    {},
    ['Nothing was exported. Check aws-sts-endpoint, aws-role-arn, aws-role-chain and aws-allowed-account-ids.'],
  );
}
