// A situation in which the action runs: what the user set up and wrote, right or wrong. Plain data, so that a mistake and its fix are each one change of it.
import { defaultTrust, type WorldTrust } from '../sandbox/default-trust.ts';
import type { JobState } from '../sandbox/github/issuer.ts';
import { defaultJob, type JobIdentity } from '../sandbox/github/job.ts';
import type { Event } from '../sandbox/runner/identity.ts';
import type { Reply } from '../sandbox/service.ts';

/** `permissions:` as YAML has it. */
export type Permissions = string | Readonly<Record<string, string>>;

/** An answer that was recorded elsewhere, for what no document of the sandbox can cause; or a fault of the network by its code. */
export interface Recorded {
  readonly service: string;
  readonly operation: string;
  readonly answer: Reply | { readonly fault: string };
  /** Always, unless said. */
  readonly times?: number;
}

export interface Scene {
  readonly inputs: Readonly<Record<string, string>>;
  /** Whom the authorities trust: the documents that an administrator wrote. */
  readonly trust: WorldTrust;
  readonly job: JobIdentity;
  /** Of the workflow, and of the job where it has its own. */
  readonly permissions: { readonly workflow?: Permissions; readonly job?: Permissions };
  readonly event: Event;
  /** Variables of the machine beside those of the runner; an empty text takes one away. */
  readonly env: Readonly<Record<string, string>>;
  /** Claims that GitHub's tokens of this job have in place of the usual ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Where GitHub's issuer is and publishes its keys, where that is not github.com. */
  readonly issuer?: string;
  readonly jobState?: JobState;
  readonly recorded: readonly Recorded[];
}

const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';

/** Inputs that the default documents accept, by cloud. */
export const INPUTS = {
  aws: { 'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy', 'aws-region': 'eu-west-1' },
  azure: {
    'azure-client-id': '11111111-1111-4111-8111-111111111111',
    'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
  },
  gcp: {
    'gcp-workload-identity-provider': PROVIDER,
    'gcp-service-account': 'deploy@octo-project.iam.gserviceaccount.com',
  },
  vault: {
    'vault-url': 'https://vault.example.com',
    'vault-role': 'ci',
    'vault-secrets': 'secret/data/app password | APP_PASSWORD',
  },
} as const;

/** One cloud, set up rightly: a push to main of octo-org/octo-repo. */
export function scene(inputs: Readonly<Record<string, string>>, change: Partial<Scene> = {}): Scene {
  return {
    inputs,
    trust: defaultTrust(),
    job: defaultJob,
    permissions: { workflow: { 'id-token': 'write', contents: 'read' } },
    event: { name: 'push', payload: {} },
    env: {},
    recorded: [],
    ...change,
  };
}

/** A document with some of its texts replaced. Throws where it does not hold them: the mistake would not be there. */
export function replaced<T>(document: T, from: string, to: string): T {
  const text = JSON.stringify(document);
  if (!text.includes(from)) throw new Error(`the document does not hold ${from}`);
  return JSON.parse(text.replaceAll(from, to)) as T;
}

export const FORK = { full_name: 'mallory/octo-repo', fork: true };
export const OWN = { full_name: 'octo-org/octo-repo', fork: false };

/** The event of a pull request, of the repository's own branch unless said; `null`: of a fork that was deleted. */
export function pullRequest(head: object | null = OWN, name = 'pull_request'): Scene['event'] {
  const base = { ref: 'main', repo: OWN };
  const pull_request = { number: 7, head: { ref: 'change', repo: head }, base };
  return { name, payload: { pull_request, repository: base.repo, sender: { login: 'octocat' } } };
}
