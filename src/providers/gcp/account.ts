// Acting as a service account: what its calls share, and its access token.

import type { Keep } from '../../core/grant.ts';
import { type Answer, jsonBody, type Send, text } from '../../core/http.ts';
import { expiring } from '../../core/ledger.ts';
import type { ExchangePorts, Identity } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { SAFE } from '../../core/retry.ts';
import type { Secret } from '../../core/secret.ts';
import { type AccountCall, generateAccessToken } from './client.ts';
import { badAnswer, iamRefusal } from './refusal.ts';
import type { GcpRequest } from './request.ts';
import { hostOf } from './universe.ts';

export interface Token {
  readonly value: Secret;
  /** Milliseconds. */
  readonly expiresAt: number;
}

/** What the calls of one exchange share: who acts as whom, and how it asks. */
export interface Acting {
  readonly request: GcpRequest;
  readonly account: AccountCall;
  readonly federated: Secret;
  readonly identity: Identity;
  readonly ports: ExchangePorts;
  readonly keep: Keep;
}

/** The service account's own access token. Throws `gcp/impersonation-refused`, or `gcp/bad-answer`. */
export async function accessToken(acting: Acting): Promise<Token> {
  const { request, account, federated, keep } = acting;
  const call = { ...account, scopes: request.scopes, lifetime: request.tokenLifetime };
  const { answer, value: token } = await given(acting, 'accessToken', 'an access token', (send) =>
    generateAccessToken(call, federated, send),
  );
  const value = keep.secret(token, 'Google access token');
  const end = Date.parse(text(jsonBody(answer.body), 'expireTime') ?? '');
  if (!printable(token) || Number.isNaN(end)) throw badAnswer(iamHost(account), answer);
  keep.owe(expiring(`Google access token (${account.serviceAccount})`, end));
  return { value, expiresAt: end };
}

/** Asks IAM for something, and takes the member of its answer that holds it. `what` completes "Google refused ...". */
export async function given(
  { account, ports }: Acting,
  member: string,
  what: string,
  call: (send: Send) => Promise<Answer>,
): Promise<{ answer: Answer; value: string }> {
  const answer = await reached('gcp', "Google's IAM Credentials API", () => call(ports.patient(SAFE)));
  const value = text(jsonBody(answer.body), member);
  if (answer.status !== 200 || value === undefined)
    throw iamRefusal(answer, iamHost(account), `${what} of ${account.serviceAccount}`);
  return { answer, value };
}

export function iamHost({ universe }: AccountCall): string {
  return hostOf('iamcredentials', universe);
}

/** Of a form that can stand in a header. */
export function printable(token: string): boolean {
  return /^[\x21-\x7e]{8,}$/.test(token);
}
