import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { maskForms, Secret } from '../../src/core/secret.ts';
import { jwt } from '../literals/identity.ts';

const AWS_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const base64 = (text: string) => Buffer.from(text).toString('base64');
/** Whether the runner, which replaces every mask, would leave no trace of the secret in this line. */
const covered = (secret: string, line: string) => maskForms(secret).some((form) => line.includes(form));

describe('a secret', () => {
  const secret = new Secret('hunter2-hunter2', 'password');

  it.each([
    ['template', `${secret}`],
    ['string', String(secret)],
    ['inspect', inspect({ secret }, { showHidden: true, depth: 9 })],
    ['format', format('%s %o', secret, secret)],
    ['concatenation', `a${secret}b`],
  ])('shows nothing of itself: %s', (_, shown) => {
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('***');
  });

  it('throws where it would become JSON, and names itself', () => {
    expect(() => JSON.stringify({ secret })).toThrow('password');
  });

  it('is given away by reveal alone', () => {
    expect(secret.reveal()).toBe('hunter2-hunter2');
    expect(Object.values(secret)).not.toContain('hunter2-hunter2');
  });

  it.each([
    ['', false],
    ['abc', false],
    ['true', false],
    ['false', false],
    [' true\n', false],
    ['          ', false],
    [' abc ', false],
    ['abcd', true],
    ['True', true],
    ['null', true],
  ])('%j is maskable: %s', (value, maskable) => {
    expect(new Secret(value, 'x').maskable).toBe(maskable);
    expect(new Secret(value, 'x').masks().length > 0).toBe(maskable);
  });
});

describe('the forms of a secret that are masked', () => {
  const odd = 'p@ss w0rd/with+all';
  it.each([
    ['as it is', odd],
    ['echo -n | base64', base64(odd)],
    ['echo | base64', base64(`${odd}\n`)],
    ['base64 behind one byte', base64(`x${odd}`)],
    ['base64 behind two bytes', base64(`xy${odd}`)],
    ['base64 of user:password', base64(`user:${odd}`)],
    ['base64url', Buffer.from(odd).toString('base64url')],
    ['base64url behind one byte', Buffer.from(`:${odd}\n`).toString('base64url')],
    ['hex', Buffer.from(odd).toString('hex')],
    ['hex, upper case', Buffer.from(odd).toString('hex').toUpperCase()],
    ['percent-encoded', encodeURIComponent(odd)],
    ['percent-encoded, lower case', 'p%40ss%20w0rd%2fwith%2ball'],
    ['percent-encoded with +', 'p%40ss+w0rd%2Fwith%2Ball'],
    ['percent-encoded with +, lower case', 'p%40ss+w0rd%2fwith%2ball'],
  ])('%s', (_, line) => {
    expect(covered(odd, `before ${line} after`)).toBe(true);
  });

  // The languages' own encoders differ in what they leave alone: JavaScript keeps !'()*, forms keep * and encode ~.
  it.each(["a!b/c'd(e)f*g", 'tilde~and/slash', 'star*and space', AWS_KEY])(
    'percent-encoding as each language does it: %s',
    (value) => {
      const strict = encodeURIComponent(value).replace(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      );
      expect(covered(value, strict)).toBe(true);
      expect(covered(value, encodeURIComponent(value))).toBe(true);
      expect(covered(value, new URLSearchParams({ v: value }).toString())).toBe(true);
    },
  );

  it("hides a JWT's signature alone", () => {
    const token = jwt({ sub: 'x' }, 'an-unmistakable-signature-of-a-token');
    expect(maskForms(token)).toContain('an-unmistakable-signature-of-a-token');
  });

  it('takes a text with two dots for no JWT', () => {
    expect(maskForms('www.example.com')).not.toContain('com');
  });

  describe('of several lines', () => {
    const json = '{\n  "type": "service_account",\n  "private_key": "abc"\n}\n';
    const forms = maskForms(json);

    it('are its lines, trimmed, and never the raw block', () => {
      expect(forms).toContain('"type": "service_account",');
      expect(forms.filter((form) => /[\r\n]/.test(form))).toEqual([]);
    });
    it('leave out lines that would mask ordinary text', () => {
      expect(forms.filter((form) => form.trim().length < 4)).toEqual([]);
      expect(forms).not.toContain('{');
    });
    it.each([
      ['base64', base64(json)],
      ['base64 without the final newline', base64(json.trimEnd())],
      ['hex', Buffer.from(json).toString('hex')],
      ['percent', encodeURIComponent(json)],
    ])('include the whole in %s', (_, encoded) => {
      expect(covered(json, encoded)).toBe(true);
    });
    it('split at any line end', () => {
      expect(maskForms('first-line\r\nsecond-line\rthird-line')).toEqual(
        expect.arrayContaining(['first-line', 'second-line', 'third-line']),
      );
    });
  });

  it('cover base64 and hex of any text around any secret of eight bytes', () => {
    const secrets = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    const around = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(secrets, around, around, (secret, prefix, suffix) => {
        fc.pre(Buffer.byteLength(secret) >= 8 && new Secret(secret, 's').maskable);
        const whole = Buffer.from(`${prefix}${secret}${suffix}`.toWellFormed());
        for (const encoding of ['base64', 'base64url', 'hex'] as const)
          expect(covered(secret, whole.toString(encoding))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('hold no line end and no short text, whatever the secret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        for (const form of new Secret(value, 's').masks()) {
          expect(form).not.toMatch(/[\r\n]/);
          expect(form.trim().length).toBeGreaterThanOrEqual(4);
        }
      }),
    );
  });

  it('hide every printed line of any secret that is long enough', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[!-~]{4,30}$/), { minLength: 1, maxLength: 4 }), (lines) => {
        const secret = lines.join('\n');
        fc.pre(new Secret(secret, 's').maskable);
        for (const line of lines) expect(covered(secret, `> ${line}`)).toBe(true);
      }),
    );
  });
});
