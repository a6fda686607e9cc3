// How grants and endings are told: the same words in the log and in the summary.

import type { Ended } from './ending.ts';
import type { Failure } from './failure.ts';
import type { Credential, Ending } from './grant.ts';
import { plain } from './plain.ts';
import { iso } from './time.ts';

const ENDINGS: Readonly<Record<Ending, (until: string) => string>> = {
  'revoked by post': (until) => `the post step revokes it (by itself it would end ${until})`,
  'revoked by main': () => 'main asks for its end right after the last read, and the post step confirms it',
  'queued by post': (until) => `the post step queues its revocation (by itself it would end ${until})`,
  expires: (until) => `not revoked; ends ${until}`,
  'denied after': (until) => `cannot be revoked; denied everything ${until}`,
};

const ENDING_WORDS: Readonly<Record<Ending, string>> = {
  'revoked by post': 'revoked by the post step',
  'revoked by main': 'revoked already: it was only needed to read',
  'queued by post': 'queued for revocation by the post step',
  expires: 'ends by itself',
  'denied after': 'ends by itself; denied everything from then on',
};

/** The same without the time, for a table that has it beside. */
export function endingWord(ending: Ending): string {
  return ENDING_WORDS[ending];
}

/** How one credential will end, in a clause. */
export function endingOf(credential: Credential): string {
  const until = credential.expiresAt === undefined ? 'in its own time' : `at ${iso(credential.expiresAt)}`;
  return ENDINGS[credential.ending](until);
}

/** What became of one debt, in a line. "revoked" only where a server said so. */
export function outcomeOf(ended: Ended): string {
  const { outcome } = ended;
  const words = {
    revoked: 'revoked',
    queued: 'revocation queued',
    removed: 'removed',
    restored: 'restored',
    left: 'left as it is',
    gone: 'had ended already',
    stopped: 'stopped',
    expires: 'not revoked',
    failed: ended.cloud === 'step' ? 'failed' : 'not revoked',
  }[outcome.how];
  if (outcome.how === 'failed') {
    const alive = outcome.at === undefined ? '' : `; it is alive until ${iso(outcome.at)}`;
    return `${ended.what}: ${words} [${outcome.failure.id}] ${outcome.failure.message}${alive}`;
  }
  const until =
    outcome.how === 'expires'
      ? `; it ends ${outcome.at === undefined ? 'in its own time' : `at ${iso(outcome.at)}`}`
      : '';
  const hindered =
    outcome.how === 'queued' && outcome.failure ? `; [${outcome.failure.id}] ${outcome.failure.message}` : '';
  return `${ended.what}: ${words}${until}${outcome.note ? ` (${outcome.note})` : ''}${hindered}`;
}

/** A failure as the lines of a log group: what the authority said, then what to do. */
export function failureLines(failure: Failure): string[] {
  const { host, status, code, said, requestId } = failure.evidence;
  const facts = [
    host && `host ${host}`,
    status && `status ${status}`,
    code && `code ${code}`,
    requestId && `request ${requestId}`,
  ].filter((f) => f);
  return [
    ...(facts.length > 0 ? [`What was answered: ${facts.join(', ')}`] : []),
    ...(said ? [`Their words: ${plain(said)}`] : []),
    ...failure.fixes.map((fix) => `- ${fix}`),
  ];
}

/** The claims that were presented, aligned, absent ones marked: never the token. */
export function claimLines(claims: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => {
    const value = claims[name];
    const shown =
      value === undefined || value === ''
        ? 'MISSING'
        : plain(typeof value === 'string' ? value : JSON.stringify(value));
    return `${name.padEnd(width)}  ${shown}`;
  });
}
