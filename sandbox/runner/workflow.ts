// A workflow file as its author wrote it, with GitHub's defaults.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { checkWorkflow } from './schema.ts';

/** A mapping of the file whose scalars may hold `${{ }}`. */
export type Mapping = Readonly<Record<string, unknown>>;

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: unknown;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Mapping;
  readonly env?: Mapping;
  readonly shell?: string;
  readonly 'working-directory'?: string;
  readonly 'continue-on-error'?: unknown;
  readonly 'timeout-minutes'?: unknown;
}

export interface Job {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: unknown;
  readonly permissions?: string | Mapping;
  readonly environment?: string | { readonly name: string };
  readonly env?: Mapping;
  readonly defaults?: { readonly run?: Mapping };
  readonly outputs?: Mapping;
  readonly strategy?: { readonly matrix?: unknown };
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly container?: unknown;
  readonly services?: unknown;
  readonly 'timeout-minutes'?: unknown;
  readonly 'continue-on-error'?: unknown;
}

export interface Workflow {
  readonly file: string;
  readonly name: string;
  readonly permissions?: string | Mapping;
  readonly env?: Mapping;
  readonly defaults?: { readonly run?: Mapping };
  readonly jobs: Readonly<Record<string, Job>>;
}

/**
 * Reads a workflow from its path, or from its text (anything with a line end in it). Throws with all that GitHub would refuse it for,
 * and for what this runner does not play: reusable workflows, containers and services.
 */
export async function readWorkflow(pathOrText: string): Promise<Workflow> {
  const isPath = !pathOrText.includes('\n');
  if (isPath && !existsSync(pathOrText)) throw new Error(`There is no workflow file ${pathOrText}`);
  const text = isPath ? readFileSync(pathOrText, 'utf8') : pathOrText;
  const file = isPath ? `.github/workflows/${basename(pathOrText)}` : '.github/workflows/workflow.yml';
  await checkWorkflow(file, text);
  const document = parse(text) as Omit<Workflow, 'file' | 'name'> & { name?: string };
  for (const [id, job] of Object.entries(document.jobs)) refuseUnplayed(id, job);
  return { ...document, file, name: document.name ?? file };
}

/** The ids a job waits for. */
export function needsOf(job: Job): readonly string[] {
  if (job.needs === undefined) return [];
  return typeof job.needs === 'string' ? [job.needs] : job.needs;
}

/** Job ids so that each comes after those it needs; with `only`, that job and those it needs. */
export function order(workflow: Workflow, only?: string): string[] {
  const sorted: string[] = [];
  const visit = (id: string): void => {
    const job = workflow.jobs[id];
    if (job === undefined) throw new Error(`The workflow has no job '${id}'`);
    if (sorted.includes(id)) return;
    for (const needed of needsOf(job)) visit(needed);
    sorted.push(id);
  };
  for (const id of only === undefined ? Object.keys(workflow.jobs) : [only]) visit(id);
  return sorted;
}

function refuseUnplayed(id: string, job: Job): void {
  for (const part of ['uses', 'container', 'services'] as const) {
    if (job[part] !== undefined) throw new Error(`Job '${id}': this runner does not play '${part}:'`);
  }
}
