// Where a run's traces are, each cut into spots with a name and a text, and where a secret may stand, each with its reason.
import type { JournalEntry } from '../runner/journal.ts';
import type { RunResult, StepResult } from '../runner/result.ts';

export type PlaceKind =
  | 'log' // shown lines, after the masker
  | 'annotation'
  | 'summary'
  | 'name' // of a step
  | 'stream' // stdout and stderr of an action, before the masker
  | 'argv' // of steps and of what they start
  | 'step env' // what the runner gave a step's process
  | 'child env' // what an observed process gave its children
  | 'command file'
  | 'file' // left over, or written by an observed process
  | 'state'
  | 'output' // of a step
  | 'job output'
  | 'request'; // path and query of an observed request

export interface Spot {
  readonly kind: PlaceKind;
  /** For people: which step, variable, file. Never the text. */
  readonly place: string;
  /** The variable's name, the command file's kind, the path: what an allowance looks at. */
  readonly subject: string;
  readonly text: string;
  readonly mode?: number;
  /** Of a file: it lies in a folder of the temp folder that is closed to others (0700). */
  readonly ownFolder?: boolean;
}

/** Everything a finished run left to be looked at. */
export function spotsOf(result: RunResult): Spot[] {
  return [
    ...result.jobs.flatMap((job) => [
      ...job.log.map((text, at) => spot('log', `log of job ${job.id}, line ${at + 1}`, job.id, text)),
      ...Object.entries(job.outputs).map(([name, text]) =>
        spot('job output', `output ${name} of job ${job.id}`, name, text),
      ),
      ...job.annotations.map((a) =>
        spot(
          'annotation',
          `${a.level} of job ${job.id}`,
          a.level,
          [a.message, ...Object.values(a.properties)].join('\n'),
        ),
      ),
      // A wrapped encoding shows only in the log as a whole.
      spot('log', `log of job ${job.id}`, job.id, job.log.join('\n')),
    ]),
    ...result.steps.flatMap(stepSpots),
    ...fileSpots(result),
  ];
}

function stepSpots(step: StepResult): Spot[] {
  const of = `step '${step.name}' (${step.kind})`;
  const pairs = (kind: PlaceKind, values: Readonly<Record<string, string>>): Spot[] =>
    Object.entries(values).map(([name, text]) => spot(kind, `${kind} ${name} of ${of}`, name, text));
  return [
    spot('name', `name of ${step.kind} step`, 'name', step.name),
    spot('summary', `summary of ${of}`, 'summary', step.summary),
    ...step.annotations.map((a) =>
      spot('annotation', `${a.level} of ${of}`, a.level, [a.message, ...Object.values(a.properties)].join('\n')),
    ),
    ...step.argv.map((text, at) => spot('argv', `argument ${at} of ${of}`, 'step', text)),
    ...pairs('step env', step.env),
    ...pairs('state', step.state),
    ...pairs('output', step.outputs),
    ...(step.kind === 'run' ? [] : streamSpots(step, of)),
    ...journalSpots(step, of),
  ];
}

function streamSpots(step: StepResult, of: string): Spot[] {
  return (['stdout', 'stderr'] as const).flatMap((stream) =>
    step[stream].split('\n').map((text, at) => {
      const subject = text.trimStart().startsWith('::add-mask::') ? 'add-mask' : stream;
      return spot('stream', `${stream} of ${of}, line ${at + 1}`, subject, text);
    }),
  );
}

function journalSpots(step: StepResult, of: string): Spot[] {
  const own = step.journal.flatMap((e) => (isClosedFolder(e) && e.path !== undefined ? [e.path] : []));
  const modes = new Map<string, number>();
  const commandFiles = new Map(Object.entries(step.commandFiles).map(([kind, path]) => [path, kind]));
  return step.journal.flatMap((entry): Spot[] => {
    const { kind, what, path = '', text, argv = [], env = {}, target, mode } = entry;
    if (mode !== undefined) modes.set(path, mode);
    if (kind === 'spawn') {
      return [
        ...argv.map((arg, at) => spot('argv', `argument ${at} of a child of ${of}`, 'child', arg)),
        ...Object.entries(env).map(([name, value]) => spot('child env', `${name} of a child of ${of}`, name, value)),
      ];
    }
    if (kind === 'request') return [spot('request', `request of ${of}`, 'request', target ?? '')];
    if (kind !== 'fs' || text === undefined) return [];
    const known = modes.get(path);
    const common = { place: `${what} ${path} by ${of}`, text, ...(known === undefined ? {} : { mode: known }) };
    const command = commandFiles.get(path);
    if (command !== undefined) return [{ ...common, kind: 'command file', subject: command }];
    return [{ ...common, kind: 'file', subject: path, ownFolder: own.some((prefix) => path.startsWith(prefix)) }];
  });
}

/** `mkdtemp` makes folders 0700. */
function isClosedFolder(entry: JournalEntry): boolean {
  return entry.what === 'mkdtemp' || (entry.what === 'mkdir' && entry.mode === 0o700);
}

function fileSpots(result: RunResult): Spot[] {
  const kinds = new Map(
    result.steps.flatMap((s) => Object.entries(s.commandFiles).map(([kind, path]) => [path, kind])),
  );
  const closed = result.leftovers.filter((l) => l.kind === 'folder' && l.mode === 0o700).map((l) => l.path);
  return result.leftovers.flatMap((left): Spot[] => {
    const command = kinds.get(left.path);
    const common = {
      place: `${left.area}: ${left.path}`,
      text: `${left.path}\n${left.content.toString()}`,
      mode: left.mode,
    };
    if (command !== undefined) return [{ ...common, kind: 'command file', subject: command }];
    return [
      {
        ...common,
        kind: 'file',
        subject: left.path,
        ownFolder: left.area === 'temp' && closed.some((folder) => left.path.startsWith(`${folder}/`)),
      },
    ];
  });
}

function spot(kind: PlaceKind, place: string, subject: string, text: string): Spot {
  return { kind, place, subject, text };
}
