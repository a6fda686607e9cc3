// Every input of azure/login has its row, every name of ours is one, and every workflow that is shown reads as a right step.
import { parse } from 'yaml';
import { azure } from '../../scripts/migrate/azure.ts';
import { inputGroups, readInputs } from '../../src/inputs/index.ts';

/** Of azure/login v3.0.1 (facts: azure 4.1). */
const THEIRS = [
  'client-id',
  'tenant-id',
  'subscription-id',
  'creds',
  'enable-AzPSSession',
  'environment',
  'allow-no-subscriptions',
  'audience',
  'auth-type',
];
const OURS = new Set(inputGroups().flatMap(({ fields }) => fields.map(({ name }) => name)));

it('every input of the peer has one row', () => {
  expect(azure.inputs.map(({ name }) => name)).toEqual(THEIRS);
});

describe.each(azure.inputs)('$name', ({ ours, how }) => {
  it('leads to inputs that are there, or says why to none', () => {
    expect(ours.filter((name) => !OURS.has(name))).toEqual([]);
    expect(how).toMatch(/^[A-Za-z].*\.$/);
    expect(how).not.toMatch(/\n|\. [A-Z]/);
  });
});

describe.each(azure.moves)('$title', ({ before, after }) => {
  it("is a step of the peer's, and a right one of ours", () => {
    const [step, ...more] = parse(before) as { uses: string; with: Record<string, unknown> }[];
    expect(more).toEqual([]);
    expect(step?.uses).toBe(azure.action);
    expect(Object.keys(step?.with ?? {}).filter((name) => !THEIRS.includes(name))).toEqual([]);
    const found = readInputs(
      (name) => after[name],
      Object.keys(after),
      (_, given) => given,
    );
    expect(found.ok ? [] : found.problems).toEqual([]);
  });
});
