// api.github.com, as much of it as advice reads: a repository's subject customisation (facts: github 2.3).
import { type Call, json, type Reply, type Service } from '../service.ts';
import type { TokenIssuer } from './issuer.ts';
import type { JobIdentity } from './job.ts';
import { repositoryPrefix } from './subject.ts';

/** What a REST token may do. */
export interface RestToken {
  readonly value: string;
  /** `actions: read`. */
  readonly readsActions: boolean;
}

const DOCS = 'https://docs.github.com/rest';
const CUSTOMISATION = /^\/repos\/([^/]+)\/([^/]+)\/actions\/oidc\/customization\/sub$/;

/** `tokens` are the REST tokens of this world; live. */
export function restService(github: TokenIssuer, tokens: readonly RestToken[]): Service {
  return {
    name: 'github-rest',
    plays: (host) => host === 'api.github.com',
    operation: (call) =>
      CUSTOMISATION.test(call.url.pathname) ? 'oidc customization' : `${call.method} ${call.url.pathname}`,
    answer: (call) => answer(call, github.job, tokens),
  };
}

function answer(call: Call, job: JobIdentity, tokens: readonly RestToken[]): Reply {
  if (!call.headers['user-agent'])
    return refusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    );
  const [, value] = /^(?:bearer|token) (.+)$/i.exec(call.headers.authorization ?? '') ?? [];
  const token = tokens.find((known) => known.value === value);
  if (value !== undefined && token === undefined) return refusal(401, 'Bad credentials');
  const [, owner, repository] = CUSTOMISATION.exec(call.url.pathname) ?? [];
  const known =
    owner?.toLowerCase() === job.owner.toLowerCase() && repository?.toLowerCase() === job.repository.toLowerCase();
  if (token === undefined || !known || call.method !== 'GET') return refusal(404, 'Not Found');
  if (!token.readsActions) return refusal(403, 'Resource not accessible by integration');
  return json(200, customisation(job), { 'x-github-media-type': 'github.v3; format=json' });
}

function customisation(job: JobIdentity): Record<string, unknown> {
  return {
    use_default: job.subjectKeys === undefined,
    ...(job.subjectKeys && { include_claim_keys: job.subjectKeys }),
    ...(job.immutableSubject && { use_immutable_subject: true }),
    sub_claim_prefix: repositoryPrefix(job),
  };
}

/** GitHub's error document; its status is a text. */
function refusal(status: number, message: string): Reply {
  return json(status, { message, documentation_url: DOCS, status: String(status) });
}
