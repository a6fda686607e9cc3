// What the user interface calls a step.
import { interpolate } from './expression.ts';
import { toData } from './expression-data.ts';
import type { JobState, Planned } from './job-state.ts';
import type { Step } from './workflow.ts';

/** A step's name, masked: its own, `Run <uses>`, or `Run <first line of the script>`; `Post` in front of it in its post stage. */
export function displayName(job: JobState, planned: Planned): string {
  const name = job.log.masker.mask(firstLine(evaluated(job, planned)));
  return planned.stage === 'post' ? `Post ${name}` : name;
}

function writtenName(step: Step): string {
  return step.name ?? `Run ${(step.uses ?? step.run ?? '').trimStart()}`;
}

function firstLine(name: string): string {
  return name.trimStart().split(/[\r\n]/, 1)[0] ?? '';
}

// Only what is known before the step runs can stand in a name; a name with anything else stays as it is written.
function evaluated(job: JobState, { step, frame }: Planned): string {
  const written = writtenName(step);
  if (!written.includes('${{')) return written;
  const plain = {
    ...job.fixed,
    github: job.github,
    runner: job.runner,
    env: Object.fromEntries(job.env),
    inputs: frame.inputs,
  };
  const contexts = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, toData(value)]));
  try {
    return interpolate(written, { contexts, status: job.status, cancelled: false, workspace: job.machine.workspace });
  } catch {
    return written;
  }
}
