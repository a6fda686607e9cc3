// The action with another post: the built one, run as often and in whatever surroundings a test wants.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './scenario.ts';

/** One run of the built post: what of its environment differs. */
export type PostRun = Readonly<Record<string, string>>;

/** Makes the action in a folder of its own, hands it to `use`, and removes it. Its post runs the built one once for each of `runs`. */
export async function withPosts<T>(runs: readonly PostRun[], use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'posts-'));
  try {
    for (const name of ['action.yml', 'package.json']) cpSync(join(ROOT, name), join(folder, name));
    mkdirSync(join(folder, 'dist'));
    const built = join(ROOT, 'dist');
    symlinkSync(join(built, 'main.js'), join(folder, 'dist/main.js'));
    writeFileSync(join(folder, 'dist/post.js'), script(join(built, 'post.js'), runs));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Ends as the worst of the runs. */
function script(post: string, runs: readonly PostRun[]): string {
  return `
import { spawnSync } from 'node:child_process';
for (const env of ${JSON.stringify(runs)}) {
  const { status } = spawnSync(process.execPath, [${JSON.stringify(post)}], { stdio: 'inherit', env: { ...process.env, ...env } });
  process.exitCode ||= status ?? 1;
}`;
}
