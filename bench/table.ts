// The measurements as Markdown: one table a network, and what was missed.
import { longestChain, median } from './figures.ts';
import type { Series, Usage } from './measure.ts';
import type { Network } from './stage.ts';
import type { Step } from './step.ts';

/** Largest ratio of CPU time to the floor's; a target, not a bar. */
const CPU_TARGET = 1.6;
/** KiB of JavaScript that a job for AWS alone is to load. */
const LOAD_TARGETS = { main: 300, post: 80 };

interface Row {
  readonly floor: Series;
  readonly dist: Series;
}

type Figure = (step: Step<Usage>) => number;

const mainMs: Figure = ({ main }) => main.wallMs;
const postMs: Figure = ({ post }) => post.wallMs;
const cpuMs: Figure = ({ main, post }) => main.report.cpuMs + post.report.cpuMs;
const rss: Figure = ({ main, post }) => Math.max(main.report.rssKiB, post.report.rssKiB);
const chain: Figure = ({ main }) => longestChain(main.asked);

const HEAD = [
  ...['job', 'main', 'ratio', 'post', 'CPU', 'ratio', 'peak RSS'],
  ...['requests', 'longest chain', 'JavaScript'],
];

/** One row a job, each cell the floor's figure and the action's. Times in ms, memory in MiB, JavaScript in KiB; `+`: main and post. */
export function table(series: readonly Series[]): string {
  const lines = rowsOf(series).map((row) => {
    const both = (show: (one: Series) => string) => `${show(row.floor)} / ${show(row.dist)}`;
    const middle = (figure: Figure) => both((one) => round(of(one, figure)));
    return [
      row.dist.job.title,
      middle(mainMs),
      ratio(row, mainMs).toFixed(2),
      middle(postMs),
      middle(cpuMs),
      ratio(row, cpuMs).toFixed(2),
      middle((step) => rss(step) / 1024),
      both(requests),
      middle(chain),
      both(({ loaded }) => `${round(loaded.main / 1024)}+${round(loaded.post / 1024)}`),
    ];
  });
  return [HEAD, HEAD.map((_, i) => (i === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** What is beyond its bar or target; bars are held only where requests and connections take their time. */
export function misses(series: readonly Series[], { latencyMs, connectMs }: Network): string[] {
  const real = latencyMs > 0 && connectMs > 0;
  return rowsOf(series).flatMap((row) => {
    const { title, bar, id } = row.dist.job;
    const [wall, cpu] = [ratio(row, mainMs), ratio(row, cpuMs)];
    const { main, post } = row.dist.loaded;
    return [
      ...(real && wall > bar ? [`bar: main of ${title} takes ${wall.toFixed(2)}x of the floor, over ${bar}x`] : []),
      ...(real && cpu > CPU_TARGET ? [`target: CPU of ${title} is ${cpu.toFixed(2)}x, over ${CPU_TARGET}x`] : []),
      ...(id === 'aws' ? [...tooMuch('main', main), ...tooMuch('post', post)] : []),
    ];
  });
}

function tooMuch(part: keyof typeof LOAD_TARGETS, bytes: number): string[] {
  const limit = LOAD_TARGETS[part];
  return bytes / 1024 > limit ? [`target: ${part} of AWS loads ${round(bytes / 1024)} KiB, over ${limit}`] : [];
}

function rowsOf(series: readonly Series[]): Row[] {
  const find = (id: string, contestant: string) =>
    series.find((one) => one.job.id === id && one.contestant === contestant) as Series;
  return [...new Set(series.map(({ job }) => job.id))].map((id) => ({
    floor: find(id, 'floor'),
    dist: find(id, 'dist'),
  }));
}

function of({ steps }: Series, figure: Figure): number {
  return median(steps.map(figure));
}

function ratio({ floor, dist }: Row, figure: Figure): number {
  return of(dist, figure) / of(floor, figure);
}

function requests({ steps }: Series): string {
  const counts = [
    median(steps.map(({ main }) => main.asked.length)),
    median(steps.map(({ post }) => post.asked.length)),
  ];
  return counts[1] === 0 ? String(counts[0]) : counts.join('+');
}

function round(value: number): string {
  return value.toFixed(0);
}
