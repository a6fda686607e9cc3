// Google Cloud: the inputs it owns, and from their texts to a checked request.

import { input, type Values } from '../../core/input.ts';
import { boolean, duration, list, matching, oneOf } from '../../core/kinds.ts';

const PROVIDER =
  /projects\/\d{1,20}\/locations\/global\/workloadIdentityPools\/[a-z][a-z0-9-]{2,30}[a-z0-9]\/providers\/[a-z][a-z0-9-]{2,30}[a-z0-9]/;
const email = matching(
  /[a-z0-9][a-z0-9.-]{0,62}@[a-z0-9][a-z0-9.-]{0,200}\.(iam\.gserviceaccount\.com|gserviceaccount\.com)|\d{15,25}/,
  'the e-mail address or numeric id of a service account',
);
const project = matching(/([a-z0-9.-]{1,100}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,20}/, 'a project id or number');

/** Seconds: the longest that Google gives a token without an organisation policy. */
export const HOUR = 3600;

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
    description:
      'A token besides the credentials file, for the outputs: `none`, `access-token` or `id-token` (of the service account).',
  }),
  scopes: input({
    name: 'gcp-scopes',
    kind: list(
      matching(
        /https:\/\/([a-z0-9-]{1,40}\.){1,3}(google|googleapis)\.com\/[\w./-]{0,100}|openid|email|profile/,
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
    kind: matching(/[\x21-\x7e]{1,500}/, "an audience, such as a service's URL"),
    description: 'Audience of the ID token. Required with `gcp-token-format: id-token`.',
  }),
  idTokenIncludeEmail: input({
    name: 'gcp-id-token-include-email',
    kind: boolean,
    default: 'false',
    description: "Whether the ID token names the service account's e-mail address.",
  }),
  delegates: input({
    name: 'gcp-delegates',
    kind: list(email),
    description:
      'Service accounts between the job and `gcp-service-account`, the first one first; each may create tokens of the next. Not with the credentials file.',
  }),
  subject: input({
    name: 'gcp-subject',
    kind: matching(
      /[A-Za-z0-9][\w.+'-]{0,63}@[a-z0-9][a-z0-9.-]{0,200}\.[a-z]{2,24}/,
      'the e-mail address of a Workspace user',
    ),
    description:
      'Workspace user as whom the service account acts, by domain-wide delegation: an access token of at most 1h. Not with the credentials file.',
  }),
  universe: input({
    name: 'gcp-universe',
    kind: matching(/(?!-)[a-z0-9-]{1,40}(\.[a-z0-9-]{1,40}){0,3}\.[a-z]{2,24}/, 'a domain such as googleapis.com'),
    default: 'googleapis.com',
    description:
      'Domain of the Google Cloud universe. One that this action does not list needs a `gcp-audience` of its own.',
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

export type GcpValues = Values<typeof gcpInputs>;
