// From Google Cloud's inputs to a checked request.

import type { Checked } from '../../core/checked.ts';
import type { Terms } from '../../core/provider.ts';
import { combinationProblems } from './combination.ts';
import { type GcpValues, HOUR } from './inputs.ts';
import { resourceName } from './universe.ts';

/** A checked request: plain data. */
export interface GcpRequest {
  /** `projects/NUMBER/...`, without a host. */
  readonly provider: string;
  /** The domain of every host that is asked. */
  readonly universe: string;
  readonly serviceAccount?: string;
  /** Accounts between the job and `serviceAccount`. */
  readonly delegates: readonly string[];
  /** The user as whom the account acts. */
  readonly subject?: string;
  readonly projectId?: string;
  readonly quotaProject?: string;
  readonly audience: string;
  /** Nothing that is made reaches a later step: no file, and no output. Or a token was asked for, and no output carries it. */
  readonly tokenUndelivered: boolean;
  readonly idToken?: { readonly audience: string; readonly includeEmail: boolean };
  /** Whether an access token is made: not where the ID token is all that was asked for. */
  readonly accessToken: boolean;
  readonly scopes: readonly string[];
  /** Seconds, for the service account's token. */
  readonly tokenLifetime: number;
  /** Seconds; the user set it, so a token that outlives it is worth a warning. */
  readonly lifetime?: number;
  readonly requestReason?: string;
  readonly credentialsFile: boolean;
  /** Outputs carry the tokens. */
  readonly tokenOutput?: true;
}

export function checkGcp(values: GcpValues, terms: Terms): Checked<GcpRequest> {
  const problems = combinationProblems(values);
  if (problems.length > 0) return { ok: false, problems };
  const provider = values.provider?.value ?? '';
  const universe = values.universe.value;
  const account = values.serviceAccount?.value;
  const projectId = values.projectId?.value ?? projectOf(account);
  const isIdToken = values.tokenFormat.value === 'id-token';
  const credentialsFile = values.createCredentialsFile.value;
  const wanted = values.tokenFormat.value !== 'none' || !credentialsFile;
  return {
    ok: true,
    value: {
      provider,
      universe,
      audience: values.audience?.value ?? `https:${resourceName(provider, universe)}`,
      delegates: values.delegates?.value ?? [],
      tokenUndelivered: wanted && !terms.outputs.has('gcp'),
      accessToken: !isIdToken || credentialsFile,
      scopes: values.scopes.value,
      // More needs an organisation policy: only asked for where the user demands it.
      tokenLifetime: values.tokenLifetime?.value ?? usualLifetime(credentialsFile, terms),
      credentialsFile,
      ...(terms.outputs.has('gcp') && { tokenOutput: true as const }),
      ...(account && { serviceAccount: account }),
      ...(values.subject && { subject: values.subject.value }),
      ...(isIdToken && {
        idToken: {
          audience: values.idTokenAudience?.value ?? '',
          includeEmail: values.idTokenIncludeEmail.value,
        },
      }),
      ...(terms.lifetimeGiven && !values.tokenLifetime && { lifetime: terms.lifetime }),
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
  return Math.min(kept ? KEPT_LIFETIME : HOUR, lifetime);
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
