// Google Cloud: STS says of a provider that it is not there, whatever token it is shown: it is shown none (facts: gcp 2).
import { type Answer, jsonBody, type Send, text } from '../../core/http.ts';
import { asked, type Finding } from '../../core/probe.ts';
import type { GcpRequest } from './request.ts';
import { hostOf, resourceName } from './universe.ts';

/** Not a token, and nothing that could be taken for one. */
const NO_TOKEN = 'none';

/** Whether the provider is known to be missing; a service account cannot be asked about. */
export async function probe(request: GcpRequest, send: Send): Promise<readonly Finding[]> {
  const provider = await asked(
    send,
    question(request),
    { what: 'provider', named: `the provider ${request.provider}` },
    judged,
  );
  if (!request.serviceAccount) return [provider];
  const host = hostOf('iamcredentials', request.universe);
  const reachable = await asked(
    send,
    { method: 'GET', url: `https://${host}/` },
    { what: 'endpoint', named: `the IAM Credentials API at ${host}` },
    ({ status }) =>
      status < 500 ? { answer: 'yes', why: `it answers (${status})` } : { answer: 'no', why: `it answers ${status}` },
  );
  return [
    provider,
    reachable,
    {
      what: 'service-account',
      named: `the service account ${request.serviceAccount}, and its binding`,
      answer: 'unknown',
      why: 'Google does not tell one that is missing from one that may not be used; gcloud iam service-accounts get-iam-policy does, with a credential',
    },
  ];
}

function question({ provider, universe }: GcpRequest) {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: resourceName(provider, universe),
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: NO_TOKEN,
  });
  return {
    method: 'POST',
    url: `https://${hostOf('sts', universe)}/v1/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  } as const;
}

function judged(answer: Answer): Omit<Finding, 'what' | 'named'> {
  const body = jsonBody(answer.body);
  const error = text(body, 'error');
  if (error === 'invalid_target' || /Invalid value for "audience"/.test(text(body, 'error_description') ?? ''))
    return { answer: 'no', why: 'Google says that it does not exist, or that it or its pool is disabled or deleted' };
  if (error !== undefined)
    return {
      answer: 'unknown',
      why: 'Google does not call it missing; what its condition says of this token only an exchange tells',
    };
  return {
    answer: 'unknown',
    why: `STS answers ${answer.status}, but not as Google does: look for a proxy or a login page`,
  };
}
