// Domain-wide delegation: the service account signs that it acts as a user, and OAuth's endpoint gives the user's token.

import { issuedAt } from '../../core/claims.ts';
import { jsonBody, number, text } from '../../core/http.ts';
import { expiring } from '../../core/ledger.ts';
import { reached } from '../../core/reach.ts';
import { SAFE } from '../../core/retry.ts';
import { type Acting, given, printable, type Token } from './account.ts';
import { exchangeSigned, signJwt, tokenEndpoint } from './client.ts';
import { badAnswer, delegationRefusal } from './refusal.ts';
import { hostOf } from './universe.ts';

/** An access token of the user. Throws `gcp/impersonation-refused` (the signature), `gcp/delegation-refused`, or `gcp/bad-answer`. */
export async function delegatedToken(acting: Acting, subject: string): Promise<Token> {
  const { account, federated, ports, keep } = acting;
  const { value: jwt } = await given(acting, 'signedJwt', 'a signature', (send) =>
    signJwt(account, claimsFor(acting, subject), federated, send),
  );
  const signed = keep.secret(jwt, 'signed assertion');
  const host = hostOf('oauth2', account.universe);
  const answer = await reached('gcp', "Google's OAuth endpoint", () =>
    exchangeSigned(account, signed, ports.patient(SAFE)),
  );
  const body = jsonBody(answer.body);
  const token = text(body, 'access_token');
  if (answer.status !== 200 || token === undefined) throw delegationRefusal(host, answer, subject);
  const value = keep.secret(token, 'Google access token of the user');
  const seconds = number(body, 'expires_in');
  if (!printable(token) || seconds === undefined) throw badAnswer(host, answer);
  const end = ports.clock.now() + seconds * 1000;
  keep.owe(expiring(`Google access token (${subject})`, end));
  return { value, expiresAt: end };
}

/** By the clock of GitHub's token: the runner's may be wrong, and Google allows an hour to the second (facts: gcp 2). */
function claimsFor({ request, account, identity, ports }: Acting, subject: string): object {
  const now = Math.floor((issuedAt(identity.claims) ?? ports.clock.now()) / 1000);
  return {
    iss: account.serviceAccount,
    sub: subject,
    scope: request.scopes.join(' '),
    aud: tokenEndpoint(account.universe),
    iat: now,
    exp: now + request.tokenLifetime,
  };
}
