// `npm run bench [-- --rounds 11 --latency 40 --connect 80 --job aws --dist folder --write]`: the built action beside the floor, as
// Markdown. Without a network given: with 40 ms a request and 80 ms a new connection, then with 0. `--write` puts it into docs/PERFORMANCE.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Ground, prepare } from './contestants.ts';
import { JOBS, type Job } from './jobs.ts';
import { measure } from './measure.ts';
import { type Network, openStage } from './stage.ts';
import { misses, table } from './table.ts';

const PAGE = join(import.meta.dirname, '../docs/PERFORMANCE.md');
/** What stands between these two lines of the page is written by the bench. */
const MARKS = ['<!-- bench -->', '<!-- /bench -->'] as const;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    latency: { type: 'string' },
    connect: { type: 'string' },
    job: { type: 'string', multiple: true },
    dist: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const load = () => loadavg()[0]?.toFixed(1);

function networks(): Network[] {
  const { latency, connect } = values;
  if (latency === undefined && connect === undefined) {
    return [
      { latencyMs: 40, connectMs: 80 },
      { latencyMs: 0, connectMs: 0 },
    ];
  }
  return [{ latencyMs: number(latency ?? '0'), connectMs: number(connect ?? '0') }];
}

function number(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new Error(`${text} is not a whole number`);
  return Number(text);
}

function chosen(): readonly Job[] {
  const wanted = values.job;
  const unknown = wanted?.find((id) => !JOBS.some((job) => job.id === id));
  if (unknown) throw new Error(`there is no job ${unknown}: ${JOBS.map((job) => job.id).join(', ')}`);
  return wanted ? JOBS.filter((job) => wanted.includes(job.id)) : JOBS;
}

/** Measures on one network; resolves to the section about it. */
async function section(network: Network, jobs: readonly Job[], rounds: number, ground: Ground): Promise<string> {
  const stage = await openStage(network);
  try {
    const series = await measure(jobs, ground, stage, rounds, tellRound(rounds));
    const missed = misses(series, network).map((line) => `- ${line}`);
    return [
      `### ${network.latencyMs} ms a request, ${network.connectMs} ms a new connection`,
      table(series),
      ...(missed.length > 0 ? [`Missed:\n\n${missed.join('\n')}`] : []),
    ].join('\n\n');
  } finally {
    await stage.stop();
  }
}

function tellRound(rounds: number): (round: number) => void {
  return (round) => {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${rounds}${round === rounds ? '\n' : ''}`);
  };
}

function writePage(text: string): void {
  const [before, after] = MARKS;
  const page = readFileSync(PAGE, 'utf8');
  const [head, rest] = [page.split(before)[0], page.split(after)[1]];
  if (rest === undefined) throw new Error(`docs/PERFORMANCE.md lacks ${before} or ${after}`);
  writeFileSync(PAGE, `${head}${before}\n${text}\n${after}${rest}`);
}

async function bench(rounds: number, folder: string): Promise<void> {
  const jobs = chosen();
  const ground = prepare(folder, values.dist);
  const sections: string[] = [];
  const before = load();
  for (const network of networks()) {
    sections.push(await section(network, jobs, rounds, ground));
    process.stdout.write(`${sections.at(-1)}\n\n`);
  }
  const machine = `Node ${process.versions.node}, ${cpus().length} cores, medians of ${rounds}; load average ${before} before, ${load()} after.`;
  process.stdout.write(`${machine}\n`);
  if (values.write) writePage([machine, ...sections].join('\n\n'));
}

const folder = mkdtempSync(join(tmpdir(), 'bench-ground-'));
try {
  await bench(number(values.rounds), folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
