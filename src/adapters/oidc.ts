// GitHub's OIDC endpoint: mints one identity token for one audience. Our own client, because the toolkit's gives up at once on a reset,
// 429, 500 or a job that is still pending, and waits three minutes on a hang (facts: github 1.2).

import { type Claims, readClaims } from '../core/claims.ts';
import { Failure } from '../core/failure.ts';
import { type Answer, jsonBody, type Send, text } from '../core/http.ts';
import { reached } from '../core/reach.ts';
import { patient, type RetryPolicy, SAFE } from '../core/retry.ts';
import type { Secret } from '../core/secret.ts';

const TRY_MS = 10_000;
const MINT_POLICY: RetryPolicy = {
  ...SAFE,
  transient: (answer) => answer.status === 403 && /\bstate\b/i.test(answer.body) && !/Completed/.test(answer.body),
};

export interface MintEndpoint {
  readonly url: string;
  readonly requestToken: Secret;
}

export interface Minted {
  readonly token: Secret;
  readonly claims: Claims;
}

/** Mints a token for `audience`. Throws `identity/...` failures. The token is masked before anything reads it. */
export async function mint(
  endpoint: MintEndpoint,
  audience: string,
  send: Send,
  ports: Parameters<typeof patient>[2],
  mask: (value: string, label: string) => Secret,
): Promise<Minted> {
  const url = new URL(endpoint.url);
  url.searchParams.set('audience', audience);
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${endpoint.requestToken.reveal()}`,
    'user-agent': 'workload-identity',
  };
  const ask = patient(send, MINT_POLICY, ports);
  const answer = await reached('identity', "GitHub's OIDC endpoint", () =>
    ask({ method: 'GET', url: url.href, headers, timeoutMs: TRY_MS }),
  );
  const value = answer.status === 200 ? text(jsonBody(answer.body), 'value') : undefined;
  if (!value) throw refused(answer, url.host);
  const token = mask(value, 'GitHub identity token');
  return { token, claims: readClaims(value) };
}

function refused(answer: Answer, host: string): Failure {
  const said = text(jsonBody(answer.body), 'message') ?? answer.body;
  const evidence = { host, status: answer.status, said };
  if (answer.status === 200) {
    return new Failure('identity/bad-answer', 'The OIDC endpoint answered without a token', evidence, [
      'Something between the runner and GitHub answers in its place: look for a proxy or a login page.',
    ]);
  }
  if (/Completed/.test(answer.body)) {
    return new Failure('identity/job-over', 'GitHub mints no more tokens for this job: it has ended', evidence, [
      'Federate within the job: what outlives it gets no tokens.',
    ]);
  }
  if (answer.status === 403 && /\bstate\b/i.test(answer.body)) {
    return new Failure(
      'identity/job-pending',
      'For GitHub this job has not begun yet, and waiting did not help',
      evidence,
      [
        'Run the job again: GitHub is late at times. Nothing in the workflow or in a trust mends it.',
        'Look at https://www.githubstatus.com if this repeats.',
      ],
    );
  }
  if (answer.status === 401) {
    return new Failure('identity/request-token-refused', 'GitHub refused the request token of this job', evidence, [
      'The request token ends about six hours after the job began: federate earlier, or in a job of its own.',
    ]);
  }
  // GitHub answers in JSON, refusals too, and sends nobody elsewhere.
  const foreign = jsonBody(answer.body) === undefined;
  return new Failure('identity/refused', `GitHub's OIDC endpoint answered ${answer.status}`, evidence, [
    ...(foreign
      ? ['Something between the runner and GitHub may answer in its place: look for a proxy or a login page.']
      : []),
    'Look at https://www.githubstatus.com if this repeats.',
  ]);
}
