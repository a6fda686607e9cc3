import fc from 'fast-check';
import { hasProfile, secretsIn, withProfile } from '../../../src/providers/aws/profile-text.ts';

const KEYS = { aws_access_key_id: 'AKIA', aws_secret_access_key: 's' };
const NEW = '[ci]\naws_access_key_id = AKIA\naws_secret_access_key = s\n';

describe('a profile in a credentials file', () => {
  it.each([
    ['an empty file', '', NEW],
    ['a file that ends in a line', '[a]\nx = 1\n', `[a]\nx = 1\n\n${NEW}`],
    ['a file that ends without one', '[a]\nx = 1', `[a]\nx = 1\n\n${NEW}`],
    ['one of that name, first', '[ci]\nold = 1\n[a]\nx = 1\n', `[a]\nx = 1\n\n${NEW}`],
    ['one of that name, last', '[a]\nx = 1\n[ ci ] # mine\nold = 1', `[a]\nx = 1\n\n${NEW}`],
    ['one of that name, twice', '[ci]\na = 1\n[ci]\nb = 1\n', NEW],
    ['names that begin or end with it', '[ci2]\n[my-ci]\n[CI]\n', `[ci2]\n[my-ci]\n[CI]\n\n${NEW}`],
    ['a comment before the first', '# top\n[ci]\nold = 1\n', `# top\n\n${NEW}`],
    ['a value that looks like it', '[a]\nx = [ci]\n', `[a]\nx = [ci]\n\n${NEW}`],
  ])('behind %s', (_, text, expected) => {
    expect(withProfile(text, 'credentials', 'ci', KEYS)).toBe(expected);
  });

  it('keeps the line ends of the file', () => {
    expect(withProfile('[a]\r\nx = 1\r\n', 'credentials', 'ci', { k: 'v' })).toBe(
      '[a]\r\nx = 1\r\n\r\n[ci]\r\nk = v\r\n',
    );
  });
});

describe('a profile in a configuration file', () => {
  it.each([
    ['[profile ci]\nold = 1\n'],
    ['[profile "ci"]\nold = 1\n'],
    ["[profile  'ci' ]\nold = 1\n"],
    ['  [profile ci]  ; mine\r\nold = 1\r\n'],
  ])('takes the place of %j', (text) => {
    expect(hasProfile(text, 'config', 'ci')).toBe(true);
    expect(withProfile(text, 'config', 'ci', { region: 'r' })).toMatch(/^\[profile ci\]\r?\nregion = r\r?\n$/);
  });

  it.each(['[ci]\na = 1\n', '[profile ci2]\na = 1\n', '[services ci]\na = 1\n', '[sso-session ci]\na = 1\n'])(
    'leaves %j',
    (text) => {
      expect(hasProfile(text, 'config', 'ci')).toBe(false);
      expect(withProfile(text, 'config', 'ci', {})).toBe(`${text}\n[profile ci]\n`);
    },
  );

  it.each(['[default]\na = 1\n', '[profile default]\na = 1\n'])('is the default one in place of %j', (text) => {
    expect(withProfile(text, 'config', 'default', { region: 'r' })).toBe('[default]\nregion = r\n');
  });
});

it('is there once, and all else is as it was, whatever the file holds', () => {
  const line = fc.constantFrom(
    '[a]',
    '[ci]',
    '[profile ci]',
    '[default]',
    'x = 1',
    '  y = 2',
    '# [ci]',
    '',
    '[',
    ']',
    '[]',
    '[x',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const text = lines.join(end);
      const once = withProfile(text, 'credentials', 'ci', KEYS);
      const lineOf = (all: string, wanted: RegExp) =>
        all
          .split(/\r?\n/)
          .filter((each) => wanted.test(each))
          .join();
      const others = /^\[(a|default|profile ci)\]$/;
      return lineOf(once, /^\[ci\]$/) === '[ci]' && lineOf(once, others) === lineOf(text, others);
    }),
  );
});

describe('the secrets of a file', () => {
  it.each([
    ['[a]\naws_secret_access_key = abc+/d\naws_session_token=tok\n', ['abc+/d', 'tok']],
    ['[a]\r\n  AWS_SECRET_ACCESS_KEY : abc\r\naws_security_token = t', ['abc', 't']],
    ['# aws_secret_access_key = abc\n', []],
    ['aws_secret_access_key =\nx = 1', []],
    ['', []],
  ])('%j', (text, expected) => {
    expect(secretsIn(text)).toEqual(expected);
  });
});
