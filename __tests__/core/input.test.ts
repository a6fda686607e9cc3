import { type InputTable, input, readTable, wrong } from '../../src/core/input.ts';
import { boolean, duration, oneOf, text } from '../../src/core/kinds.ts';

const table = {
  summary: input({ name: 'summary', kind: boolean, default: 'true', description: 'd' }),
  timeout: input({ name: 'timeout', kind: duration(10, 60), default: '20', description: 'd' }),
  token: input({ name: 'github-token', kind: text, description: 'd', secret: true }),
  mode: input({ name: 'mode', kind: oneOf('a', 'b', 'c'), default: 'a', description: 'd' }),
} as const satisfies InputTable;

const read = (given: Record<string, string>) => readTable(table, (name) => given[name]);

describe('readTable', () => {
  it('gives defaults, and says that they are', () => {
    const read1 = read({});
    if (!read1.ok) throw new Error('refused');
    expect(read1.value.summary).toMatchObject({ value: true, text: 'true', origin: 'default' });
    expect(read1.value.timeout.value).toBe(20);
    expect(read1.value.token).toBeUndefined();
  });

  it('trims, takes blanks for absent, and knows what the user wrote', () => {
    const found = read({ summary: ' false\n', timeout: '   ', 'github-token': ' ghs_x ' });
    if (!found.ok) throw new Error('refused');
    expect(found.value.summary).toMatchObject({ value: false, origin: 'input' });
    expect(found.value.timeout.origin).toBe('default');
    expect(found.value.token?.value).toBe('ghs_x');
  });

  it('reports all problems together, each naming the input, what it got and what it takes', () => {
    const found = read({ summary: 'yes', timeout: '5', mode: 'd' });
    if (found.ok) throw new Error('accepted');
    expect(found.problems.map((p) => p.id)).toEqual(['inputs/invalid', 'inputs/invalid', 'inputs/invalid']);
    expect(found.problems.map((p) => p.message)).toEqual([
      'summary: got "yes". It takes true or false.',
      'timeout: got "5". It takes a duration from 10s to 1m, written as 900, 900s, 15m or 1h.',
      'mode: got "d". It takes a, b or c.',
    ]);
  });

  it("keeps a secret's text out of the message", () => {
    const found = read({ 'github-token': 'ghs_s3cret\nmore' });
    if (found.ok) throw new Error('accepted');
    expect(found.problems[0]?.message).toContain('github-token');
    expect(found.problems[0]?.message).not.toContain('s3cret');
  });

  it('shortens what is long', () => {
    const { message } = wrong(table.mode, 'x'.repeat(5000));
    expect(message.length).toBeLessThan(200);
    expect(message).toContain('…');
  });
});
