// The bench's arithmetic: what it shows is no better than this.
import { longestChain, median } from '../../bench/figures.ts';
import type { Series } from '../../bench/measure.ts';
import { misses, table } from '../../bench/table.ts';

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('longest chain', () => {
  it.each([
    ['nothing', [], 0],
    [
      'one after another',
      [
        [0, 40],
        [40, 80],
        [85, 120],
      ],
      3,
    ],
    [
      'all at once',
      [
        [0, 40],
        [1, 41],
        [2, 42],
      ],
      1,
    ],
    [
      'two mints at once, then two exchanges',
      [
        [0, 40],
        [0, 41],
        [42, 80],
        [43, 83],
      ],
      2,
    ],
    [
      'a long one beside short ones',
      [
        [0, 200],
        [0, 40],
        [50, 90],
        [100, 140],
      ],
      3,
    ],
  ])('%s', (_, spans, expected) => {
    const asked = spans.map(([start = 0, end = 0]) => ({ operation: 'x', start, end, outcome: 200 }));
    expect(longestChain(asked)).toBe(expected);
  });
});

/** One job by one contestant, the same in each of three rounds. */
function series(contestant: Series['contestant'], wallMs: number, cpuMs: number, bytes: number): Series {
  const part = { wallMs, report: { cpuMs: cpuMs / 2, rssKiB: 60 * 1024 }, asked: [] };
  const job = { id: 'aws', title: 'AWS', inputs: {}, bar: 1.15 };
  return {
    ...{ job, contestant, loaded: { main: bytes, post: 10 * 1024 } },
    steps: [1, 2, 3].map(() => ({ main: part, post: part })),
  };
}

describe('what is missed', () => {
  const floor = series('floor', 200, 100, 5_000);
  const [real, none] = [
    { latencyMs: 40, connectMs: 80 },
    { latencyMs: 0, connectMs: 0 },
  ];
  it.each([
    ['nothing', series('dist', 229, 159, 200_000), real, []],
    ['the bar', series('dist', 231, 159, 200_000), real, [/^bar: main of AWS takes 1\.16x/]],
    ['no bar without a network', series('dist', 400, 300, 200_000), none, []],
    ['CPU', series('dist', 229, 161, 200_000), real, [/^target: CPU of AWS is 1\.61x/]],
    ['what is loaded', series('dist', 229, 159, 301 * 1024), none, [/^target: main of AWS loads 301 KiB/]],
  ])('%s', (_, dist, network, expected) => {
    const missed = misses([floor, dist], network);
    expect(missed).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(missed[i]).toMatch(pattern);
  });

  it('the table has the floor first', () => {
    const row = table([floor, series('dist', 229, 159, 200_000)])
      .split('\n')
      .at(-1);
    expect(row).toBe(
      '| AWS | 200 / 229 | 1.15 | 200 / 229 | 100 / 159 | 1.59 | 60 / 60 | 0 / 0 | 0 / 0 | 5+10 / 195+10 |',
    );
  });
});
