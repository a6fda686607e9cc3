// All inputs: one registry of the tables, from which the parser, action.yml and the README come.
import { type Checked, type Problem, Problems } from '../core/checked.ts';
import { asFailure } from '../core/failure.ts';
import {
  CLOUDS,
  type Cloud,
  type InputDefinition,
  type InputSource,
  readTable,
  type Values,
  wrong,
} from '../core/input.ts';
import { nearest } from '../core/nearest.ts';
import type { ReadPem, Terms } from '../core/provider.ts';
import type { Task } from '../core/task.ts';
import { PROVIDERS } from '../providers/index.ts';
import { commonInputs } from './common.ts';

export interface InputGroup {
  readonly title: string;
  /** Undefined: the common inputs. */
  readonly cloud?: Cloud;
  readonly fields: readonly InputDefinition[];
}

/** Every input of the action, grouped as the documents show them. */
export function inputGroups(): readonly InputGroup[] {
  return [
    { title: 'Common', fields: Object.values(commonInputs) },
    ...PROVIDERS.map((p) => ({ title: p.title, cloud: p.cloud, fields: Object.values(p.inputs) })),
  ];
}

export interface Orders {
  readonly common: Values<typeof commonInputs>;
  readonly terms: Terms;
  /** One for each cloud that was asked for; at least one. */
  readonly tasks: readonly Task[];
}

/**
 * Reads and checks everything, and reports everything that is wrong with it. `names`: the inputs that the step was given. `readPem` reads
 * what an input of certificates names, and throws a failure that says what is wrong with it.
 */
export function readInputs(source: InputSource, names: readonly string[], readPem: ReadPem): Checked<Orders> {
  const problems = new Problems();
  problems.list.push(...unknownNames(names), ...unreadable(commonInputs.caCertificate.name, source, readPem));
  const common = problems.take(readTable(commonInputs, source));
  if (common) boundedWait(common, problems);
  const terms = common
    ? termsOf(common)
    : { lifetime: 3600, lifetimeGiven: false, revoke: true, outputs: new Set<Cloud>(), keepFresh: 'auto' as const };
  const tasks: Task[] = [];
  for (const provider of PROVIDERS) {
    const task = problems.take(provider.read(source, terms, readPem));
    if (task) tasks.push(task);
  }
  if (tasks.length === 0 && problems.list.length === 0) problems.add('inputs/no-cloud', noCloud());
  sharedAudiences(tasks, problems);
  return problems.list.length > 0 || !common
    ? { ok: false, problems: problems.list }
    : { ok: true, value: { common, terms, tasks } };
}

function unreadable(name: string, source: InputSource, readPem: ReadPem): Problem[] {
  const given = source(name)?.trim();
  if (!given) return [];
  try {
    readPem(name, given);
    return [];
  } catch (thrown) {
    const { id, message } = asFailure(thrown);
    return [{ id, message }];
  }
}

/** The step's time bounds every wait in it: a longer one would be a promise that is not kept. */
function boundedWait({ propagationWait, timeout }: Values<typeof commonInputs>, problems: Problems): void {
  if (propagationWait.value <= timeout.value) return;
  problems.list.push(
    wrong(
      propagationWait.field,
      propagationWait.text,
      `which is more than the timeout of ${timeout.text}; raise timeout above it`,
    ),
  );
}

function termsOf(common: Values<typeof commonInputs>): Terms {
  const { lifetime, revoke, outputCredentials, keepFresh } = common;
  const lifetimeGiven = lifetime.origin === 'input';
  return {
    lifetime: lifetime.value,
    lifetimeGiven,
    revoke: revoke.value,
    outputs: outputCredentials.value,
    keepFresh: keepFresh.value,
  };
}

function noCloud(): string {
  const asks = PROVIDERS.map((p) => p.inputs[p.askedBy]?.name).join(', ');
  return `No cloud was asked for. Give at least one of ${asks}.`;
}

/** The runner only warns of an unknown input, and drops it: a misspelt `aws-allowed-account-ids` would be no check at all. */
function unknownNames(names: readonly string[]) {
  const known = inputGroups().flatMap((group) => group.fields.map((field) => field.name));
  return names
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const near = nearest(name, known);
      const ours = CLOUDS.some((cloud) => name.startsWith(`${cloud}-`));
      if (!ours && !near) return [];
      return [
        { id: 'inputs/unknown', message: `${name}: there is no such input.${near ? ` Did you mean ${near}?` : ''}` },
      ];
    });
}

/** A token that two clouds accept could be replayed from the one to the other (INVARIANTS 7). */
function sharedAudiences(tasks: readonly Task[], problems: Problems): void {
  const owners = new Map<string, Cloud>();
  for (const task of tasks) {
    for (const audience of Object.values(task.plan.audiences)) {
      const owner = owners.get(audience) ?? task.cloud;
      owners.set(audience, owner);
      if (owner !== task.cloud)
        problems.add(
          'inputs/invalid',
          `${task.cloud}-audience: "${audience}" is the audience for ${owner} too. Each cloud needs its own.`,
        );
    }
  }
}
