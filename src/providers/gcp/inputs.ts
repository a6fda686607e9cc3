// Google Cloud: the inputs it owns, and from their texts to a checked request.
import { type Checked, Problems } from '../../core/checked.ts';
import { input, type Values } from '../../core/input.ts';
import { boolean, duration, list, matching, oneOf, text } from '../../core/kinds.ts';
import type { Terms } from '../../core/provider.ts';

const PROVIDER =
  /projects\/\d{1,20}\/locations\/global\/workloadIdentityPools\/[a-z][a-z0-9-]{2,30}[a-z0-9]\/providers\/[a-z][a-z0-9-]{2,30}[a-z0-9]/;
const email = matching(
  /[a-z0-9][a-z0-9.-]{0,62}@[a-z0-9][a-z0-9.-]{0,200}\.(iam\.gserviceaccount\.com|gserviceaccount\.com)|\d{15,25}/,
  'the e-mail address or numeric id of a service account',
);
const project = matching(/([a-z0-9.-]{1,100}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,20}/, 'a project id or number');

export const gcpInputs = {
  provider: input({
    name: 'gcp-workload-identity-provider',
    kind: matching(
      PROVIDER,
      "the full name of a provider: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER (the project's number, not its id)",
    ),
    description:
      'The workload identity provider that trusts this job, in full (project number). Asks for Google Cloud.',
  }),
  serviceAccount: input({
    name: 'gcp-service-account',
    kind: email,
    description: 'Service account to impersonate: e-mail or numeric id. Without it: direct federation.',
  }),
  projectId: input({
    name: 'gcp-project-id',
    kind: project,
    description: "Project that later steps work in; default from the service account's e-mail.",
  }),
  quotaProject: input({ name: 'gcp-quota-project', kind: project, description: 'Project that is charged for quota.' }),
  audience: input({
    name: 'gcp-audience',
    kind: matching(/[\w./:+=,@-]{1,255}/, 'an audience'),
    description: "Audience of the identity token; default `https://iam.googleapis.com/` and the provider's name.",
  }),
  tokenFormat: input({
    name: 'gcp-token-format',
    kind: oneOf('none', 'access-token', 'id-token'),
    default: 'none',
    description: 'A token besides the credentials file: `none`, `access-token` or `id-token`.',
    notYet: { except: ['access-token'] },
  }),
  scopes: input({
    name: 'gcp-scopes',
    kind: list(
      matching(
        /https:\/\/www\.googleapis\.com\/auth\/[\w./-]{1,100}|https:\/\/mail\.google\.com\/|openid|email|profile/,
        'an OAuth scope such as https://www.googleapis.com/auth/cloud-platform',
      ),
    ),
    default: 'https://www.googleapis.com/auth/cloud-platform',
    description: 'Scopes of the access token.',
  }),
  tokenLifetime: input({
    name: 'gcp-token-lifetime',
    kind: duration(60, 43_200),
    description: "Lifetime of the service account's access token; a demand. Default from `lifetime`, at most 1h.",
  }),
  idTokenAudience: input({
    name: 'gcp-id-token-audience',
    kind: text,
    description: 'Audience of the ID token.',
    notYet: {},
  }),
  idTokenIncludeEmail: input({
    name: 'gcp-id-token-include-email',
    kind: boolean,
    default: 'false',
    description: 'Whether the ID token names the e-mail address.',
    notYet: {},
  }),
  delegates: input({
    name: 'gcp-delegates',
    kind: list(email),
    description: 'Service accounts between the job and the last one.',
    notYet: {},
  }),
  subject: input({
    name: 'gcp-subject',
    kind: text,
    description: 'User to act as, by domain-wide delegation.',
    notYet: {},
  }),
  universe: input({
    name: 'gcp-universe',
    kind: text,
    default: 'googleapis.com',
    description: 'Domain of the Google Cloud universe.',
    notYet: {},
  }),
  requestReason: input({
    name: 'gcp-request-reason',
    kind: matching(/[\x20-\x7e]{1,300}/, 'up to 300 printable ASCII characters'),
    description: "Reason for Google's audit logs, sent with each call.",
  }),
  createCredentialsFile: input({
    name: 'gcp-create-credentials-file',
    kind: boolean,
    default: 'true',
    description: "Whether to write the credentials file that Google's libraries and gcloud read.",
  }),
} as const;

/** A checked request: plain data. */
export interface GcpRequest {
  /** `projects/NUMBER/...`, without a host. */
  readonly provider: string;
  readonly serviceAccount?: string;
  readonly projectId?: string;
  readonly quotaProject?: string;
  readonly audience: string;
  readonly wantsAccessToken: boolean;
  readonly scopes: readonly string[];
  /** Seconds, for the service account's token. */
  readonly tokenLifetime: number;
  readonly requestReason?: string;
  readonly credentialsFile: boolean;
}

/** Above it an organisation policy is needed: only asked for where the user demands it. */
const LONGEST_DEFAULT = 3600;

export function checkGcp(values: Values<typeof gcpInputs>, terms: Terms): Checked<GcpRequest> {
  const problems = new Problems();
  const provider = values.provider?.value ?? '';
  if (values.tokenLifetime && !values.serviceAccount) {
    problems.add(
      'inputs/invalid',
      'gcp-token-lifetime: has no effect without gcp-service-account: the token of direct federation ends with the identity token, after five minutes.',
    );
  }
  if (problems.list.length > 0) return { ok: false, problems: problems.list };
  const projectId = values.projectId?.value ?? projectOf(values.serviceAccount?.value);
  return {
    ok: true,
    value: {
      provider,
      audience: values.audience?.value ?? `https://iam.googleapis.com/${provider}`,
      wantsAccessToken: values.tokenFormat.value === 'access-token',
      scopes: values.scopes.value,
      tokenLifetime: values.tokenLifetime?.value ?? Math.min(LONGEST_DEFAULT, terms.lifetime),
      credentialsFile: values.createCredentialsFile.value,
      ...(values.serviceAccount && { serviceAccount: values.serviceAccount.value }),
      ...(projectId && { projectId }),
      ...(values.quotaProject && { quotaProject: values.quotaProject.value }),
      ...(values.requestReason && { requestReason: values.requestReason.value }),
    },
  };
}

/**
 * The project in a service account's address. Google's own accounts (`...@appspot`, `...@developer`) do not have it there, and a
 * domain-scoped project is written the other way round: `sa@p.example.com.iam...` is `example.com:p`.
 */
export function projectOf(serviceAccount: string | undefined): string | undefined {
  const [, name] = /@([a-z0-9.-]+)\.iam\.gserviceaccount\.com$/.exec(serviceAccount ?? '') ?? [];
  if (!name) return undefined;
  const [id, ...domain] = name.split('.');
  return domain.length > 0 ? `${domain.join('.')}:${id}` : id;
}
