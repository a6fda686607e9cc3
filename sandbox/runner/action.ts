// What `uses:` stands for: a folder with an action.yml, read as the runner reads it.
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { checkAction } from './schema.ts';
import type { Mapping, Step } from './workflow.ts';

/** Folders by what stands behind `uses:` ('your-org/workload-identity@v1', './'), or a function from it; undefined: there is no such action. */
export type ActionSource = Readonly<Record<string, string>> | ((uses: string) => string | undefined);

export interface ActionInput {
  readonly name: string;
  readonly default?: unknown;
  readonly deprecationMessage?: string;
}

export interface Action {
  readonly folder: string;
  readonly inputs: readonly ActionInput[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: NodeRuns | CompositeRuns;
}

export interface NodeRuns {
  readonly using: 'node20' | 'node24';
  readonly main: string;
  readonly post?: string;
  readonly postIf: string;
}

export interface CompositeRuns {
  readonly using: 'composite';
  readonly steps: readonly Step[];
}

/** True for the one action that is played here: it makes the workspace. */
export function isCheckout(uses: string): boolean {
  return /^actions\/checkout@./.test(uses);
}

/** The folder of an action. Throws in the runner's words where there is none; a local action exists only once the workspace was checked out. */
export function locate(uses: string, source: ActionSource, workspace: string, checkedOut: boolean): string {
  const local = uses.startsWith('./');
  const named = typeof source === 'function' ? source(uses) : source[uses];
  if (named !== undefined && (!local || checkedOut)) return named;
  if (!local) throw new Error(`Unable to resolve action \`${uses}\`, repository not found`);
  const folder = join(workspace, uses);
  if (manifestOf(folder) === undefined) {
    throw new Error(
      `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'. Did you forget to run actions/checkout before running your local action?`,
    );
  }
  return folder;
}

/** Reads and checks a folder's action.yml. Throws on what GitHub's schema refuses, and on what is not played: docker actions, `pre`. */
export async function readAction(folder: string): Promise<Action> {
  if (!isAbsolute(folder)) throw new Error(`The folder of an action must be absolute: ${folder}`);
  const manifest = manifestOf(folder);
  if (manifest === undefined)
    throw new Error(`Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'.`);
  const text = readFileSync(manifest, 'utf8');
  await checkAction(manifest, text);
  const document = parse(text) as Manifest;
  return {
    folder,
    inputs: Object.entries(document.inputs ?? {}).map(([name, input]) => ({ name, ...input })),
    outputs: Object.fromEntries(Object.entries(document.outputs ?? {}).map(([name, output]) => [name, output?.value])),
    runs: readRuns(document.runs),
  };
}

interface Manifest {
  readonly inputs?: Readonly<Record<string, Omit<ActionInput, 'name'> | null>>;
  readonly outputs?: Readonly<Record<string, { readonly value?: unknown } | null>>;
  readonly runs: Mapping;
}

function manifestOf(folder: string): string | undefined {
  return ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find((path) => existsSync(path));
}

function readRuns(runs: Mapping): NodeRuns | CompositeRuns {
  const { using, main, post, steps } = runs;
  if (using === 'composite') return { using, steps: steps as readonly Step[] };
  if (using !== 'node20' && using !== 'node24') throw new Error(`This runner does not play 'using: ${String(using)}'`);
  if (runs.pre !== undefined) throw new Error("This runner does not play 'pre:'");
  const postIf = typeof runs['post-if'] === 'string' ? runs['post-if'] : 'always()';
  return { using, main: String(main), postIf, ...(post === undefined ? {} : { post: String(post) }) };
}
