// A service account's ID token: for services that check who calls, such as Cloud Run.

import { type Claims, expiresAt, readClaims } from '../../core/claims.ts';
import { expiring } from '../../core/ledger.ts';
import { type Acting, given, iamHost, type Token } from './account.ts';
import { generateIdToken } from './client.ts';
import { badAnswer } from './refusal.ts';

/** Throws `gcp/impersonation-refused`, or `gcp/bad-answer` for what is no token for the audience that was asked. */
export async function idToken(acting: Acting): Promise<Token> {
  const { request, account, federated, keep } = acting;
  const asked = request.idToken ?? { audience: '', includeEmail: false };
  const { answer, value: token } = await given(acting, 'token', 'an ID token', (send) =>
    generateIdToken({ ...account, ...asked }, federated, send),
  );
  const value = keep.secret(token, 'Google ID token');
  const claims = claimsOf(token);
  const end = claims && expiresAt(claims);
  if (claims?.aud !== asked.audience || end === undefined) throw badAnswer(iamHost(account), answer);
  keep.owe(expiring(`Google ID token (${account.serviceAccount})`, end));
  return { value, expiresAt: end };
}

function claimsOf(token: string): Claims | undefined {
  try {
    return readClaims(token);
  } catch {
    return undefined;
  }
}
