// The troubleshooting page has every id that src can produce, with its cause and what to do first; the README leads to each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byId, troubleshootingIndex } from '../../scripts/troubleshooting/page.ts';
import { fromRules } from '../../scripts/troubleshooting/rules.ts';
import { idsInSource, thrown } from '../../scripts/troubleshooting/thrown.ts';
import { isTame } from '../literals/hostile.ts';
import { ROOT } from './source-files.ts';

const ids = idsInSource();
const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const anchors = [...page.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading.replace(/[^a-z-]/g, ''));

describe.each(ids)('[%s]', (id) => {
  const entries = byId().get(id) ?? [];

  it('has a cause, and something to do', () => {
    expect(entries.length).toBeGreaterThan(0);
    for (const { cause, fixes } of entries) {
      expect(cause).toMatch(/[A-Za-z]{3}/);
      expect(fixes[0]).toMatch(/[A-Za-z]{3}/);
      expect([cause, ...fixes].every(isTame)).toBe(true);
    }
  });

  it('is on the page, and the README leads there', () => {
    expect(page).toContain(`### \`[${id}]\`\n`);
    const [, link = ''] = new RegExp(`\\[\`${id}\`\\]\\(docs/troubleshooting\\.md#([a-z-]+)\\)`).exec(readme) ?? [];
    expect(anchors.filter((anchor) => anchor === link)).toHaveLength(1);
  });
});

it('finds the ids of rules, of what is thrown, of problems and of faults of the network', () => {
  expect(ids).toEqual(
    expect.arrayContaining([
      'aws/trust-refused',
      'identity/mismatch',
      'inputs/not-asked',
      'vault/unreachable',
      'end/not-revoked',
    ]),
  );
  expect([...fromRules(), ...thrown()].map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual([]);
});

it('says what the rules say, in their own words', () => {
  const [rule] = fromRules().filter(({ id }) => id === 'aws/audience-refused');
  expect(rule?.cause).toContain('does not list the audience sts.amazonaws.com');
  expect(page).toContain(rule?.cause);
  expect(troubleshootingIndex()).toContain('`aws/audience-refused`');
});
