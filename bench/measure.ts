// Rounds of measurements: in each, every job by every contestant, in an order of its own, so that a slow minute is shared by all.
import type { Contestant, Ground } from './contestants.ts';
import type { Job } from './jobs.ts';
import type { Stage } from './stage.ts';
import { runStep, type Step } from './step.ts';

/** What the preloaded script reports of a process. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssKiB: number;
}

/** All that was measured of a job by a contestant. */
export interface Series {
  readonly job: Job;
  readonly contestant: Contestant['name'];
  readonly steps: readonly Step<Usage>[];
  /** JavaScript that main and post loaded. */
  readonly loaded: { readonly main: number; readonly post: number };
}

/** Measures after one round that counts what is loaded and one that is thrown away; `tell` hears of each round. */
export async function measure(
  jobs: readonly Job[],
  ground: Ground,
  stage: Stage,
  rounds: number,
  tell: (round: number) => void,
): Promise<readonly Series[]> {
  const all = jobs.flatMap((job) => ground.contestants.map((contestant) => ({ job, contestant })));
  const loaded = new Map<string, Series['loaded']>();
  const steps = new Map<string, Step<Usage>[]>();
  const nameOf = (job: Job, contestant: Contestant) => `${job.id} ${contestant.name}`;
  for (const { job, contestant } of all) {
    const { main, post } = await runStep<{ bytes: number }>(job, contestant, stage, ground.loaded);
    loaded.set(nameOf(job, contestant), { main: main.report.bytes, post: post.report.bytes });
    steps.set(nameOf(job, contestant), []);
  }
  for (let round = 0; round <= rounds; round++) {
    tell(round);
    for (const { job, contestant } of shuffled(jobs).flatMap((job) => pairUp(job, ground))) {
      const step = await runStep<Usage>(job, contestant, stage, ground.usage);
      if (round > 0) steps.get(nameOf(job, contestant))?.push(step);
    }
  }
  return all.map(({ job, contestant }) => ({
    job,
    contestant: contestant.name,
    steps: steps.get(nameOf(job, contestant)) ?? [],
    loaded: loaded.get(nameOf(job, contestant)) ?? { main: 0, post: 0 },
  }));
}

/** The contestants of one job run next to each other: what is compared was measured in the same second. */
function pairUp(job: Job, ground: Ground) {
  return shuffled(ground.contestants).map((contestant) => ({ job, contestant }));
}

function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(Math.random() * rest.length), 1)[0] as T);
}
