// The job summary after success: who became whom, until when, and how it will end. On a public repository it names no account, tenant or path.
import { type Claims, claim, isPublic } from './core/claims.ts';
import type { Grant } from './core/grant.ts';
import { annotated, code, escaped, table } from './core/markdown.ts';
import { readSubject } from './core/subject.ts';
import { clock } from './core/time.ts';
import { endingWord } from './core/words.ts';

/** A table of what was issued. */
export function grantSummary(grants: readonly Grant[], claims: Claims): string {
  const credentials = grants.flatMap((grant) => grant.credentials);
  const open = isPublic(claims);
  const rows = credentials.map((one) => [
    annotated(escaped(one.kind), endingWord(one.ending)),
    ...(open ? [] : [annotated(code(one.holder), one.scope ? `for ${code(one.scope)}` : '')]),
    one.expiresAt === undefined ? 'its own time' : clock(one.expiresAt),
  ]);
  const head = ['Credential, and how it ends', ...(open ? [] : ['Became']), 'Until'];
  const lasting = credentials.some(({ ending }) => ending === 'expires' || ending === 'denied after');
  return [
    `### Workload identity: ${speaker(claims, open)} signed in`,
    '',
    ...table(head, rows),
    ...(lasting ? ['What ends by itself cannot be revoked by anybody: its short life is its end.', ''] : []),
  ].join('\n');
}

/** `octo-org/octo-repo (environment production)`: who the authorities were told it is. */
export function speaker(claims: Claims, open = false): string {
  const { context, name } = readSubject(claims);
  const repository = claim(claims, 'repository');
  if (open || !repository) return 'this job';
  const where = { environment: 'environment', branch: 'branch', tag: 'tag', pull_request: 'a pull request', other: '' }[
    context
  ];
  const at = [where, name].filter(Boolean).join(' ');
  return escaped(`${repository}${at ? ` (${at})` : ''}`);
}
