import type { Outcome } from '../../src/core/ending.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Credential } from '../../src/core/grant.ts';
import { claimLines, endingOf, failureLines, outcomeOf } from '../../src/core/words.ts';
import { START } from '../literals/clock.ts';

describe('how a credential will end', () => {
  it.each<[Credential['ending'], number | undefined, string]>([
    ['expires', START, 'not revoked; ends at 2026-11-25T12:00:00Z'],
    ['expires', undefined, 'not revoked; ends in its own time'],
    ['denied after', START, 'cannot be revoked; denied everything at 2026-11-25T12:00:00Z'],
    ['revoked by post', START, 'the post step revokes it (by itself it would end at 2026-11-25T12:00:00Z)'],
    ['queued by post', START, 'the post step queues its revocation (by itself it would end at 2026-11-25T12:00:00Z)'],
    ['revoked by main', START, 'main asks for its end right after the last read, and the post step confirms it'],
  ])('%s', (ending, expiresAt, words) => {
    const credential: Credential = { cloud: 'aws', kind: 'k', holder: 'h', ending, ...(expiresAt && { expiresAt }) };
    expect(endingOf(credential)).toBe(words);
  });
});

describe('what became of a debt', () => {
  const failure = new Failure('vault/unreachable', 'Vault could not be reached');
  const rows: readonly (readonly [Outcome, string])[] = [
    [{ how: 'revoked' }, 'Vault token: revoked'],
    [{ how: 'queued', note: 'through its token' }, 'Vault token: revocation queued (through its token)'],
    [{ how: 'removed' }, 'Vault token: removed'],
    [{ how: 'restored' }, 'Vault token: restored'],
    [{ how: 'left' }, 'Vault token: left as it is'],
    [{ how: 'gone' }, 'Vault token: had ended already'],
    [{ how: 'expires', at: START }, 'Vault token: not revoked; it ends at 2026-11-25T12:00:00Z'],
    [{ how: 'expires' }, 'Vault token: not revoked; it ends in its own time'],
    [{ how: 'failed', failure }, 'Vault token: not revoked [vault/unreachable] Vault could not be reached'],
  ];
  it.each(rows)('%j', (outcome, words) => {
    expect(outcomeOf({ cloud: 'vault', what: 'Vault token', outcome })).toBe(words);
  });
  it('is called revoked only where it is', () => {
    const claimed = rows.filter(([, words]) => /(?<!not )revoked/.test(words.replace(/\[.*/, '')));
    expect(claimed.map(([outcome]) => outcome.how)).toEqual(['revoked']);
  });
});

describe('a failure in the log', () => {
  it('is what was answered, their words, and what to do', () => {
    const failure = new Failure(
      'aws/refused',
      'm',
      { host: 'sts', status: 403, code: 'AccessDenied', said: 'no', requestId: 'r' },
      ['Do this.'],
    );
    expect(failureLines(failure)).toEqual([
      'What was answered: host sts, status 403, code AccessDenied, request r',
      'Their words: no',
      '- Do this.',
    ]);
  });
  it('is nothing where nothing is known', () => {
    expect(failureLines(new Failure('x/y', 'm'))).toEqual([]);
  });
});

describe('claims in the log', () => {
  it('are aligned, with absent ones marked', () => {
    expect(claimLines({ sub: 'repo:o/r', run: 7, empty: '' }, ['sub', 'run', 'empty', 'environment'])).toEqual([
      'sub          repo:o/r',
      'run          7',
      'empty        MISSING',
      'environment  MISSING',
    ]);
  });
  it('cannot speak to the runner', () => {
    const [line] = claimLines({ ref: 'refs/heads/a\n::add-mask::x ##[error]y' }, ['ref']);
    expect(line).not.toMatch(/\n|::|##\[/);
  });
});
