// What later steps would run against Google Cloud: each its own library or command, with what the environment holds and nothing else.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parts, ROOT } from '../../real/parts.ts';

export interface Program {
  /** `shell:` of its step. */
  readonly shell: string;
  readonly run: string;
  /** What it prints when it gets in, in the world's default project. */
  readonly prints: RegExp;
  /** A command that needs no credentials, and only settings that make sense. */
  readonly settings?: string;
}

/** gcloud is in no registry: it is tried where the machine has it. */
function gcloud(): Readonly<Record<string, Program>> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.map((folder) => join(folder, 'gcloud')).find(executable);
  if (!path) return {};
  return {
    gcloud: {
      shell: 'bash -e {0}',
      run: `${path} projects describe octo-project --format='value(projectId,projectNumber)' --quiet`,
      prints: /^octo-project\s123456789012\n$/,
      settings: `${path} config list --format='value(core.project)' --quiet`,
    },
  };
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** By the library they try; each makes a call that the sandbox answers only for a living token with the right to it. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  'google-auth': {
    shell: `${parts().python} {0}`,
    run: `
import google.auth
from google.auth.transport.requests import AuthorizedSession
credentials, project = google.auth.default(scopes=['https://www.googleapis.com/auth/cloud-platform'])
answer = AuthorizedSession(credentials).get('https://storage.googleapis.com/storage/v1/b?project=' + project)
answer.raise_for_status()
print(project, credentials.quota_project_id, [b['name'] for b in answer.json()['items']])`,
    prints: /^octo-project octo-project \['octo-artifacts', 'octo-site'\]\n$/,
  },
  'google-auth-library': {
    shell: 'node {0}',
    run: `
const { GoogleAuth } = require('${join(ROOT, 'node_modules/google-auth-library')}');
(async () => {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  const client = await auth.getClient();
  const project = await auth.getProjectId();
  const url = 'https://storage.googleapis.com/storage/v1/b?project=' + project;
  const { data } = await auth.request({ url, retry: false });
  console.log(project, client.quotaProjectId, data.items.map((bucket) => bucket.name).join(' '));
})().catch((error) => { console.error(error.message); process.exitCode = 1; });`,
    prints: /^octo-project octo-project octo-artifacts octo-site\n$/,
  },
  ...gcloud(),
};
