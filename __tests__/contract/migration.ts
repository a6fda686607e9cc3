// What must hold for the table of a peer: every input of its, none of ours that is not there, and workflows that this action takes.
import { parse } from 'yaml';
import type { Move, Peer } from '../../scripts/migrate/peer.ts';
import { inputGroups, readInputs } from '../../src/inputs/index.ts';
import { OUTPUTS } from '../../src/outputs.ts';

const INPUTS = new Set(inputGroups().flatMap((group) => group.fields.map((field) => field.name)));
const OUTPUT_NAMES = new Set(OUTPUTS.map((output) => output.name));

/** `rows`: the peer's inputs as its own documents list them, and ours that take their place; none: out, with the reason in `how`. */
export function holdsTable(peer: Peer, rows: Readonly<Record<string, readonly string[]>>): void {
  it.each(Object.entries(rows))('%s becomes %j', (name, ours) => {
    const found = peer.inputs.filter((input) => input.name === name);
    expect(found.map((input) => input.ours)).toEqual([ours]);
  });
  it('has no input that the peer does not', () => {
    expect(peer.inputs.map((input) => input.name).sort()).toEqual(Object.keys(rows).sort());
  });
  it.each(peer.inputs)('$name: what takes its place is there, and what is different is said', ({ ours, how }) => {
    expect(ours.filter((name) => !INPUTS.has(name))).toEqual([]);
    expect(how).toMatch(/^[A-Z`].*\.$/s);
    if (ours.length === 0) expect(how.length).toBeGreaterThan(30);
  });
  it.each(peer.outputs ?? [])('the output $name becomes one of ours', ({ ours }) => {
    expect(ours.filter((name) => !OUTPUT_NAMES.has(name))).toEqual([]);
  });
}

/** Every workflow before is the peer's, and every one behind is taken; `peerInputs` are those of the table. */
export function holdsMoves(peer: Peer): void {
  describe.each(peer.moves)('$title', (move) => {
    it('comes from inputs that the peer has', () => {
      const [step] = parse(move.before) as { uses: string; with: Record<string, unknown> }[];
      expect(step?.uses).toBe(peer.action);
      const known = peer.inputs.map((input) => input.name);
      expect(Object.keys(step?.with ?? {}).filter((name) => !known.includes(name))).toEqual([]);
    });
    it('is taken as it stands', () => {
      expect(problems(move)).toEqual([]);
    });
    it('uses what the table says', () => {
      const [step] = parse(move.before) as { with: Record<string, unknown> }[];
      const rows = peer.inputs.filter(({ name }) => step?.with[name] !== undefined);
      const meant = new Set([...rows.flatMap((row) => row.ours), 'output-credentials']);
      expect(Object.keys(move.after).filter((name) => !meant.has(name))).toEqual([]);
    });
  });
}

function problems({ after }: Move): readonly string[] {
  const read = readInputs(
    (name) => after[name],
    Object.keys(after),
    (_, given) => given,
  );
  return read.ok ? [] : read.problems.map((problem) => problem.message);
}
