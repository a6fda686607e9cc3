// Who is compared: the built action, and the floor, bundled in the same way. What is preloaded to measure them is built here too.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '..');

export interface Contestant {
  readonly name: 'floor' | 'dist';
  readonly main: string;
  readonly post: string;
  /** Inputs that the runner adds to those of the workflow. */
  readonly defaults: Readonly<Record<string, string>>;
}

export interface Ground {
  readonly contestants: readonly Contestant[];
  /** Scripts to preload: what a process used, what it loaded. */
  readonly usage: string;
  readonly loaded: string;
}

/** Builds into `folder` what runs in the measured processes: TypeScript would cost them its stripping. */
export function prepare(folder: string, dist = join(ROOT, 'dist')): Ground {
  const options = { absWorkingDir: ROOT, bundle: true, platform: 'node', minify: true, target: 'node24' } as const;
  const entryPoints = ['bench/floor/main.ts', 'bench/floor/post.ts'];
  buildSync({ ...options, entryPoints, outdir: join(folder, 'floor'), splitting: true, format: 'esm' });
  const preloads = ['bench/usage.ts', 'bench/loaded.ts'];
  buildSync({ ...options, entryPoints: preloads, outdir: folder, format: 'cjs', outExtension: { '.js': '.cjs' } });
  writeFileSync(join(folder, 'floor', 'package.json'), '{"type":"module"}\n');
  const scripts = (at: string) => ({ main: join(at, 'main.js'), post: join(at, 'post.js') });
  return {
    contestants: [
      { name: 'floor', ...scripts(join(folder, 'floor')), defaults: {} },
      { name: 'dist', ...scripts(resolve(dist)), defaults: actionDefaults() },
    ],
    usage: join(folder, 'usage.cjs'),
    loaded: join(folder, 'loaded.cjs'),
  };
}

function actionDefaults(): Record<string, string> {
  const { inputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, String(input.default ?? '')]));
}
