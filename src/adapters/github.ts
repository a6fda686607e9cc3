// GitHub's REST API by @actions/github, over our transport. Half a megabyte: loaded only when advice wants it.
import { getOctokit } from '@actions/github';
import type { Send } from '../core/http.ts';
import { plain } from '../core/plain.ts';

/** The subset of fetch's answer that Octokit reads. */
function fetchOver(send: Send) {
  return async (url: string, options: { method?: string; headers?: Record<string, string> }) => {
    const answer = await send({
      method: options.method === 'POST' ? 'POST' : 'GET',
      url,
      headers: { ...options.headers },
    });
    return {
      url,
      ok: answer.status < 400,
      status: answer.status,
      headers: new Map(Object.entries(answer.headers)),
      text: async () => answer.body,
      json: async () => JSON.parse(answer.body),
    };
  };
}

interface Customisation {
  use_default?: boolean;
  include_claim_keys?: string[];
  use_immutable_subject?: boolean;
  sub_claim_prefix?: string;
}

/** How the repository's subjects are built, in one line; undefined where GitHub does not tell. Rejects when it cannot be asked. */
export async function subjectCustomisation(token: string, repository: string, send: Send): Promise<string | undefined> {
  const [owner = '', repo = ''] = repository.split('/');
  const octokit = getOctokit(token, { request: { fetch: fetchOver(send) } });
  const answer = await octokit.request('GET /repos/{owner}/{repo}/actions/oidc/customization/sub', { owner, repo });
  const custom: Customisation = answer.data;
  const keys = custom.use_default === false ? (custom.include_claim_keys ?? []) : [];
  const parts = [
    custom.sub_claim_prefix && `subjects of this repository begin with ${custom.sub_claim_prefix}`,
    keys.length > 0 && `they are made of the claims ${keys.join(', ')}`,
    custom.use_immutable_subject && 'they hold the ids of owner and repository',
  ].filter((part) => part);
  return parts.length > 0
    ? plain(`GitHub says: ${parts.join('; ')}. Write the trust for subjects of this form.`)
    : undefined;
}
