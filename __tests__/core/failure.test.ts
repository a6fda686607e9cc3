import { asFailure, Failure, framesOf } from '../../src/core/failure.ts';
import { NetworkFault } from '../../src/core/http.ts';
import { reached, unreachable } from '../../src/core/reach.ts';
import { jwt } from '../literals/identity.ts';

describe('a failure', () => {
  it('cleans everything that others wrote', () => {
    const failure = new Failure('x/y', 'line\n::error::no', {
      said: `token ${jwt({ a: 1 })} ##[x]`,
      code: 'A\nB',
      host: 'h',
    });
    expect(failure.message).toBe('line : :error: :no');
    expect(failure.evidence).toEqual({ said: 'token *** ## [x]', code: 'A B', host: 'h' });
  });
  it('has no empty evidence', () => {
    expect(new Failure('x/y', 'm', { said: '', code: '', status: 0 }).evidence).toEqual({ status: 0 });
  });
  it('keeps id and evidence when it is advised', () => {
    const failure = new Failure('aws/refused', 'm', { status: 403 });
    expect(failure.advised('better', ['do'])).toMatchObject({
      id: 'aws/refused',
      message: 'better',
      fixes: ['do'],
      evidence: { status: 403 },
    });
    expect(failure.advised('better', [], 'aws/trust-refused').id).toBe('aws/trust-refused');
  });
});

describe('any thrown value as a failure', () => {
  const leaky = Object.assign(new TypeError(`cannot read ${jwt({ a: 1 })} of hunter2`), { code: 'ERR_X' });
  it.each([
    ['an error', leaky, 'Unexpected TypeError (ERR_X) inside the action'],
    ['a text', 'hunter2', 'Unexpected string inside the action'],
    ['nothing', undefined, 'Unexpected undefined inside the action'],
  ])('keeps the kind of %s and not its text', (_, thrown, message) => {
    const failure = asFailure(thrown);
    expect(failure).toMatchObject({ id: 'internal/unexpected', message });
    expect(JSON.stringify([failure, failure.message, failure.fixes])).not.toContain('hunter2');
  });
  it('is itself where it is one', () => {
    const failure = new Failure('x/y', 'm');
    expect(asFailure(failure)).toBe(failure);
  });
  it('keeps its place in our code, without the message', () => {
    const frames = framesOf(leaky);
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.join()).toContain('failure.test.ts');
    expect(frames.join()).not.toContain('hunter2');
    expect(framesOf(new Failure('x/y', 'm'))).toEqual([]);
  });
});

describe('a network fault as a failure', () => {
  it.each([
    ['PROXY_407', 'wants a user name'],
    ['PROXY_403', 'refused the connection'],
    ['PROXY_502', 'could not connect'],
    ['CERT_HAS_EXPIRED', 'by the clock of the runner'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate is not trusted'],
    ['ENOTFOUND', 'does not resolve'],
    ['TIMEOUT', 'did not answer in time'],
    ['TOO_LARGE', 'too large'],
    ['ECONNRESET', 'connection failed'],
  ])('%s: %s', (code, cause) => {
    const failure = unreachable('vault', 'Vault', new NetworkFault(code, 'vault.example.com', false));
    expect(failure).toMatchObject({ id: 'vault/unreachable', evidence: { host: 'vault.example.com', code } });
    expect(failure.message).toContain(cause);
    expect(failure.message).toContain(code);
    expect(failure.fixes.join()).not.toContain('$');
  });
  it('is made of faults alone', async () => {
    const bug = new TypeError('bug');
    await expect(reached('aws', 'STS', () => Promise.reject(bug))).rejects.toBe(bug);
    const fault = new NetworkFault('ECONNRESET', 'h', true);
    await expect(reached('aws', 'STS', () => Promise.reject(fault))).rejects.toMatchObject({ id: 'aws/unreachable' });
    await expect(reached('aws', 'STS', async () => 7)).resolves.toBe(7);
  });
});
