import { claim, expiresAt, issuedAt, mismatches, readClaims, SHOWN_CLAIMS } from '../../src/core/claims.ts';
import { Failure } from '../../src/core/failure.ts';
import { jwt } from '../literals/identity.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64url');
const HEAD = encoded('{"alg":"RS256"}');

describe('readClaims', () => {
  it('reads the payload as it is', () => {
    expect(readClaims(jwt({ sub: 'repo:ö/r', aud: 'x', iat: 1 }))).toEqual({ sub: 'repo:ö/r', aud: 'x', iat: 1 });
  });

  it.each([
    ['nothing', ''],
    ['two parts', `${HEAD}.${encoded('{}')}`],
    ['four parts', `${HEAD}.${encoded('{}')}.sig.more`],
    ['an empty payload', `${HEAD}..sig`],
    ['no signature', `${HEAD}.${encoded('{}')}.`],
    ['no JSON', `${HEAD}.${encoded('not json')}.sig`],
    ['a list', `${HEAD}.${encoded('[]')}.sig`],
    ['null', `${HEAD}.${encoded('null')}.sig`],
    ['a number', `${HEAD}.${encoded('7')}.sig`],
    ['base64 that is not url-safe', `${HEAD}.${encoded('{}')}.a+b/c=`],
    ['a line end behind it', `${jwt({ sub: 'x' })}\n`],
    ['a header line in it', `${jwt({ sub: 'x' })}\r\nx: y`],
    ['HTML', '<html>.<body>.x'],
  ])('refuses %s, without repeating it', (_, token) => {
    let thrown: unknown;
    try {
      readClaims(token);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown).toMatchObject({ id: 'identity/bad-answer' });
    if (token.length > 8) expect(String(thrown)).not.toContain(token.slice(0, 8));
  });
});

describe('mismatches', () => {
  const claims = { aud: 'sts.amazonaws.com', repository_id: '1', run_id: '2', run_attempt: '3' };
  const asked = { audience: 'sts.amazonaws.com', repositoryId: '1', runId: '2', runAttempt: '3' };

  it.each<[string, object, object, string[]]>([
    ['all the same', claims, asked, []],
    ['numbers in the token', { ...claims, repository_id: 1, run_id: 2, run_attempt: 3 }, asked, []],
    ['an audience in a list', { ...claims, aud: ['sts.amazonaws.com'] }, asked, []],
    ['another audience', { ...claims, aud: 'api://AzureADTokenExchange' }, asked, ['aud']],
    ['one more audience', { ...claims, aud: ['sts.amazonaws.com', 'evil'] }, asked, ['aud']],
    ['an audience that only begins so', { ...claims, aud: 'sts.amazonaws.com.cn' }, asked, ['aud']],
    ['no audience', { ...claims, aud: undefined }, asked, ['aud']],
    ['an empty list of audiences', { ...claims, aud: [] }, asked, ['aud']],
    ['another repository', { ...claims, repository_id: '9' }, asked, ['repository_id']],
    ['no run id in the token', { ...claims, run_id: undefined }, asked, ['run_id']],
    ['everything else', { aud: 'x' }, asked, ['aud', 'repository_id', 'run_id', 'run_attempt']],
    ['an environment without ids', { ...claims, run_id: '9' }, { audience: 'sts.amazonaws.com' }, []],
  ])('%s', (_, token, job, wrong) => {
    expect(mismatches(token as typeof claims, job as typeof asked)).toEqual(wrong);
  });
});

describe('single claims', () => {
  it.each([
    ['text', 'text'],
    ['', undefined],
    [7, undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
  ])('%j as text is %j', (value, shown) => {
    expect(claim({ ref: value }, 'ref')).toBe(shown);
  });
  it.each([
    [1_800_000_000, 1_800_000_000_000],
    ['1800000000', undefined],
    [Number.NaN, undefined],
    [undefined, undefined],
  ])('the time %j is %j ms', (value, ms) => {
    expect(issuedAt({ iat: value })).toBe(ms);
    expect(expiresAt({ exp: value })).toBe(ms);
  });
  it('shows what trust decides by, and no id of the token', () => {
    expect(SHOWN_CLAIMS).toEqual(expect.arrayContaining(['iss', 'sub', 'aud', 'job_workflow_ref', 'environment']));
    expect(SHOWN_CLAIMS).not.toContain('jti');
  });
});
