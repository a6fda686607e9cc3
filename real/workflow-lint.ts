// actionlint and zizmor over every workflow that a reader may copy: our own, the examples, and those in the README. In the copies that
// actionlint reads, `uses:` names the action in the scratch folder, so that inputs and outputs are held against action.yml too.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnv, type Ran, run } from './command.ts';
import { install } from './install.ts';
import { workflowsOf } from './markdown.ts';
import { type Parts, ROOT } from './parts.ts';

interface Source {
  /** A file name that tells where the text is from. */
  readonly name: string;
  readonly text: string;
}

/** Ours is held to full pinning by hash; what readers copy names majors, as READMEs do. */
const PINNING = { ours: '"*": hash-pin', copied: '"*": ref-pin' } as const;

/** What both linters find in the repository at `root`; empty: all is well. Throws where a reader has no workflow to copy. */
export async function lintWorkflows(parts: Parts, root = ROOT): Promise<string[]> {
  const sources = {
    ours: workflowFiles(root, '.github/workflows'),
    copied: [...workflowFiles(root, 'examples'), ...readmeWorkflows(root)],
  };
  if (sources.copied.length === 0) throw new Error('There is no workflow in README.md or examples/');
  const scratch = mkdtempSync(join(tmpdir(), 'workflow-lint-'));
  try {
    const findings = await Promise.all([
      ...(['ours', 'copied'] as const).map((kind) => zizmor(parts, join(scratch, kind), sources[kind], PINNING[kind])),
      actionlint(parts, join(scratch, 'all'), [...sources.ours, ...sources.copied]),
    ]);
    return findings.flat();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function workflowFiles(root: string, folder: string): Source[] {
  const path = join(root, folder);
  const names = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  const files = names.filter((name) => /\.ya?ml$/.test(name));
  return files.map((name) => ({
    name: `${folder}/${name}`.replaceAll(/[/\\]/g, '_'),
    text: readFileSync(join(path, name), 'utf8'),
  }));
}

function readmeWorkflows(root: string): Source[] {
  const page = readFileSync(join(root, 'README.md'), 'utf8');
  return workflowsOf(page).map(({ text, line }) => ({ name: `README.md_line_${line}.yml`, text }));
}

/** A repository as both linters expect one. */
function layOut(folder: string, sources: readonly Source[]): void {
  mkdirSync(join(folder, '.git'), { recursive: true });
  mkdirSync(join(folder, '.github', 'workflows'), { recursive: true });
  for (const { name, text } of sources) writeFileSync(join(folder, '.github', 'workflows', name), text);
}

async function actionlint({ actionlint: file }: Parts, folder: string, sources: readonly Source[]): Promise<string[]> {
  const local = sources.map(({ name, text }) => ({
    name,
    text: text.replaceAll(/\byour-org\/workload-identity@v1\b/g, './'),
  }));
  layOut(folder, local);
  cpSync(join(ROOT, 'action.yml'), join(folder, 'action.yml'));
  mkdirSync(join(folder, 'dist'));
  for (const entry of ['main.js', 'post.js']) writeFileSync(join(folder, 'dist', entry), '');
  return findings(await run(file, ['-no-color', '-shellcheck=', '-pyflakes='], { env: bareEnv(folder), cwd: folder }));
}

async function zizmor(
  { zizmor: file }: Parts,
  folder: string,
  sources: readonly Source[],
  pinning: string,
): Promise<string[]> {
  if (sources.length === 0) return [];
  layOut(folder, sources);
  const settings = join(folder, 'zizmor-settings.yml');
  writeFileSync(settings, `rules:\n  unpinned-uses:\n    config:\n      policies:\n        ${pinning}\n`);
  const quiet = ['--offline', '--no-progress', '--format', 'plain', '--color', 'never', '--config', settings];
  const strict = ['--collect=workflows', '--strict-collection', '--min-severity=medium'];
  return findings(await run(file, [...quiet, ...strict, folder], { env: bareEnv(folder), cwd: folder }));
}

function findings({ status, stdout, stderr }: Ran): string[] {
  return status === 0 ? [] : [`${stdout}${stderr}`.trim() || `ended with ${status ?? 'a signal'}`];
}

if (import.meta.main) {
  const found = await lintWorkflows(await install());
  process.stdout.write(found.length === 0 ? 'actionlint and zizmor find nothing.\n' : `${found.join('\n\n')}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
