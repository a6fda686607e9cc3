// Builds dist/: the sources and the packages they use, in chunks, minified, the same bytes on every build from the same lockfile.
// `--check` builds into a scratch folder and compares; the exit status says whether dist/ is what the sources build.
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { builtins, FETCH_GLOBALS, stubs } from './bundle-plugins.ts';
import { gather } from './gather.ts';
import { notices } from './notices.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/**
 * The `require` of bundled CommonJS: Node's own modules and nothing else. With a real one, an optional `require('supports-color')` that
 * was left in a package would run whatever lies in a `node_modules` above the action or in HOME (INVARIANTS 15).
 */
const BUILTINS_ONLY =
  "const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};";

/** Builds into `target`, which is replaced at once when all of it is there; returns esbuild's account of what went in. */
export async function bundle(target: string): Promise<Metafile> {
  const outdir = `${target}.new`;
  rmSync(outdir, { recursive: true, force: true });
  const first = await build({ ...options(outdir), write: false });
  const { metafile } = await build({ ...options(outdir), plugins: [gather(ROOT, first.metafile), builtins, stubs] });
  const byHand = await commandLine(outdir);
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}\n');
  writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), notices([metafile, byHand], ROOT));
  rmSync(target, { recursive: true, force: true });
  renameSync(outdir, target);
  return metafile;
}

function options(outdir: string) {
  return {
    absWorkingDir: ROOT, // chunk hashes hold paths: relative to this
    entryPoints: ['src/main.ts', 'src/post.ts', 'src/keeper.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    metafile: true,
    legalComments: 'none', // the notices are in THIRD-PARTY-NOTICES.txt
    mainFields: ['module', 'main'],
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: BUILTINS_ONLY },
    define: { FormData: 'undefined' },
    inject: [FETCH_GLOBALS],
    plugins: [builtins, stubs],
    logLevel: 'error',
  } satisfies BuildOptions;
}

/** The command line, in one file of its own: it shares no chunk with main, whose start it must not slow, and needs no exchange. */
async function commandLine(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/trust.ts'],
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    metafile: true,
    plugins: [
      {
        name: 'without exchanges',
        setup(build) {
          build.onLoad({ filter: /providers\/\w+\/exchange\.ts$/ }, () => ({
            contents: 'export const exchange = undefined;',
          }));
        },
      },
    ],
    logLevel: 'error',
  });
  return metafile;
}

/** Files of `folder` by relative path. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  );
}

/** Paths that differ between dist/ and a fresh build. */
export async function drift(): Promise<string[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'dist-check-'));
  try {
    // Same depth below the root is not needed: esbuild hashes inputs by their path from absWorkingDir.
    await bundle(join(scratch, 'dist'));
    const fresh = contents(join(scratch, 'dist'));
    const committed = contents(DIST);
    return [...new Set([...fresh.keys(), ...committed.keys()])].filter(
      (path) => fresh.get(path) !== committed.get(path),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const differing = await drift();
    for (const path of differing)
      process.stderr.write(`dist/${path} is not what the sources build: run npm run build\n`);
    if (differing.length > 0) process.exitCode = 1;
  } else {
    await bundle(DIST);
    for (const [path, text] of contents(DIST))
      process.stdout.write(`${String(Buffer.byteLength(text)).padStart(8)}  dist/${path}\n`);
  }
}
