// The job summary after success: who became whom, until when, and how it will end. On a public repository it names no account, tenant or path.
import { type Claims, claim, isPublic } from './core/claims.ts';
import type { Credential, Grant } from './core/grant.ts';
import type { Cloud } from './core/input.ts';
import { code, escaped, table } from './core/markdown.ts';
import { readSubject } from './core/subject.ts';
import { clock } from './core/time.ts';
import { endingWord } from './core/words.ts';

export const CLOUD_TITLES: Readonly<Record<Cloud, string>> = {
  aws: 'AWS',
  azure: 'Azure',
  gcp: 'Google Cloud',
  vault: 'Vault',
};

/** A table of what was issued. */
export function grantSummary(grants: readonly Grant[], claims: Claims): string {
  const credentials = grants.flatMap((grant) => grant.credentials);
  const open = isPublic(claims);
  const rows = credentials.map((one, i) => [
    i > 0 && credentials[i - 1]?.cloud === one.cloud ? '' : CLOUD_TITLES[one.cloud],
    escaped(one.kind),
    ...(open ? [] : [became(one)]),
    one.expiresAt === undefined ? 'its own time' : clock(one.expiresAt),
    endingWord(one.ending),
  ]);
  const head = ['Cloud', 'Credential', ...(open ? [] : ['Became']), 'Until', 'How it ends'];
  return [`### Workload identity: ${speaker(claims, open)} signed in`, '', ...table(head, rows)].join('\n');
}

/** `octo-org/octo-repo, environment production`: who the authorities were told it is. */
export function speaker(claims: Claims, open = false): string {
  const { context, name } = readSubject(claims);
  const repository = claim(claims, 'repository');
  if (open || !repository) return 'this job';
  const where = { environment: 'environment', branch: 'branch', tag: 'tag', pull_request: 'a pull request', other: '' }[
    context
  ];
  return escaped([repository, [where, name].filter(Boolean).join(' ')].filter(Boolean).join(', '));
}

function became({ holder, scope }: Credential): string {
  return `${code(holder)}${scope ? ` for ${code(scope)}` : ''}`;
}
