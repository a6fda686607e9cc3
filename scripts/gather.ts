// Keeps what main and post load at their start in few files. esbuild makes a chunk for each set of entries that share a module, which gives main
// dozens of files and post a dozen, and each costs a lookup, a read and a compilation. Where every entry imports all that is loaded before it in any
// case, few such sets are left. The modules of src do nothing when they are imported, so an import more changes nothing but the file they are in.
import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** What main loads once its first connection has begun, before anything else. */
const STORY = 'src/federate.ts';

/** A plugin for a second pass; `plain` is esbuild's account of the pass without it. */
export function gather(root: string, plain: Metafile): Plugin {
  const entries = new Set(Object.values(plain.outputs).flatMap((output) => output.entryPoint ?? []));
  const start = modulesIn(plain, loadedBy(plain, 'src/main.ts', ['import-statement']));
  const story = modulesIn(plain, loadedBy(plain, STORY, ['import-statement']));
  const byPost = loadedBy(plain, 'src/post.ts', ['import-statement', 'dynamic-import']);
  const post = modulesIn(plain, byPost);
  const ofPost = new Set([...byPost].flatMap((file) => plain.outputs[file]?.entryPoint ?? []));
  // What every process starts with, main's transport and the keeper included, whose start main waits for. What only a transport needs is left to
  // it: its builtins take 10 ms, and a post that asks no server does without.
  const postStart = modulesIn(plain, loadedBy(plain, 'src/post.ts', ['import-statement']));
  const isCommon = (module: string) => postStart.has(module) || (story.has(module) && post.has(module));
  const first = [...start].filter((module) => isCommon(module) && !entries.has(module));
  const all = [...new Set([...first, ...story])].filter((module) => !entries.has(module));
  const more = (entry: string): readonly string[] => {
    if (start.has(entry) || entry === 'src/keeper.ts') return first;
    return ofPost.has(entry) ? all.filter((module) => post.has(module)) : all;
  };
  return {
    name: 'gather',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, (args) => {
        const name = relative(root, args.path).replaceAll(sep, '/');
        if (!entries.has(name)) return undefined;
        return {
          contents: [readFileSync(args.path, 'utf8'), ...more(name).map(importOf(root))].join('\n'),
          loader: 'ts',
        };
      });
    },
  };
}

/** The output files that `entry` leads to by imports of these kinds. */
function loadedBy(metafile: Metafile, entry: string, kinds: readonly string[]): Set<string> {
  const start = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry);
  if (!start) throw new Error(`${entry} is no entry of the bundle`);
  const files = new Set([start[0]]);
  // A set that grows while it is walked is walked to its end.
  for (const file of files)
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) if (kinds.includes(kind)) files.add(path);
  return files;
}

function modulesIn(metafile: Metafile, files: ReadonlySet<string>): Set<string> {
  return new Set([...files].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {})));
}

/** An import of a module by its name in the metafile; empty for what has no file. */
function importOf(root: string): (file: string) => string {
  return (file) => {
    const builtin = /^builtin:(.*)$/.exec(file)?.[1];
    if (builtin) return `import ${JSON.stringify(`node:${builtin}`)};`;
    return /^[a-z-]+:/.test(file) ? '' : `import ${JSON.stringify(resolve(root, file))};`;
  };
}
