// From Google Cloud's inputs to a checked request.

import { type Checked, Problems } from '../../core/checked.ts';
import type { Values } from '../../core/input.ts';
import type { Terms } from '../../core/provider.ts';
import type { gcpInputs } from './inputs.ts';

/** A checked request: plain data. */
export interface GcpRequest {
  /** `projects/NUMBER/...`, without a host. */
  readonly provider: string;
  readonly serviceAccount?: string;
  readonly projectId?: string;
  readonly quotaProject?: string;
  readonly audience: string;
  /** A token was asked for, and no output will carry it. */
  readonly tokenUndelivered: boolean;
  /** An output carries the access token. */
  readonly tokenOutput?: true;
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
      tokenUndelivered: values.tokenFormat.value === 'access-token' && !terms.outputs.has('gcp'),
      scopes: values.scopes.value,
      tokenLifetime: values.tokenLifetime?.value ?? usualLifetime(values.createCredentialsFile.value, terms),
      credentialsFile: values.createCredentialsFile.value,
      ...(terms.outputs.has('gcp') && { tokenOutput: true as const }),
      ...(values.serviceAccount && { serviceAccount: values.serviceAccount.value }),
      ...(projectId && { projectId }),
      ...(values.quotaProject && { quotaProject: values.quotaProject.value }),
      ...(values.requestReason && { requestReason: values.requestReason.value }),
    },
  };
}

/** Whoever reads a file that is kept fresh asks for a new token in time: each of them may be short. */
const KEPT_LIFETIME = 900;

function usualLifetime(credentialsFile: boolean, { keepFresh, lifetime, outputs }: Terms): number {
  const kept = credentialsFile && keepFresh !== 'never' && !outputs.has('gcp');
  return Math.min(kept ? KEPT_LIFETIME : LONGEST_DEFAULT, lifetime);
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
