// `act`, a runner that is not ours, in its host mode: the action is committed to a repository of its own, the workflow to another, and
// both are gone afterwards. What it does otherwise than GitHub's runner: it ignores `permissions:`, so the identity endpoint is given to it.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnv, type Ran, run, succeed } from './command.ts';
import { ROOT } from './parts.ts';

export interface ActOptions {
  /** The program. */
  readonly act: string;
  /** The workflow's text, as its author wrote it. */
  readonly workflow: string;
  /** What the job's processes get. */
  readonly env: Readonly<Record<string, string>>;
  readonly repository: string;
}

/** Runs the workflow's `push` jobs; the log is in `stdout`, as a person would see it. */
export async function runAct({ act, workflow, env, repository }: ActOptions): Promise<Ran> {
  const scratch = mkdtempSync(join(tmpdir(), 'act-'));
  const [home, action, project, bin] = ['home', 'action', 'project', 'bin'].map((name) =>
    join(scratch, name),
  ) as Folders;
  try {
    for (const folder of [home, action, project, bin]) mkdirSync(folder);
    for (const name of ['action.yml', 'dist']) cpSync(join(ROOT, name), join(action, name), { recursive: true });
    mkdirSync(join(project, '.github', 'workflows'), { recursive: true });
    writeFileSync(join(project, '.github', 'workflows', 'workflow.yml'), workflow);
    // act takes the first `node` on PATH for any `using: nodeNN`.
    symlinkSync(process.execPath, join(bin, 'node'));
    const own = { ...bareEnv(home), PATH: `${bin}:/usr/local/bin:/usr/bin:/bin` };
    for (const folder of [action, project]) await commit(folder, own);
    const given = Object.entries({ GITHUB_REPOSITORY: repository, ...env }).flatMap(([name, value]) => [
      '--env',
      `${name}=${value}`,
    ]);
    // Without --no-cache-server act listens on an address that the network can reach.
    const host = ['-P', 'ubuntu-latest=-self-hosted', '--no-cache-server'];
    const local = ['--local-repository', `your-org/workload-identity@v1=${action}`];
    return await run(act, ['push', ...host, ...local, ...given], { env: own, cwd: project, timeoutMs: 60_000 });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Folders = [home: string, action: string, project: string, bin: string];

/** act wants repositories with a commit; what is untracked it would copy only in part. */
async function commit(folder: string, env: Record<string, string>): Promise<void> {
  const author = ['-c', 'user.name=real', '-c', 'user.email=real@example.com', '-c', 'commit.gpgsign=false'];
  const steps = [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all', '--force'],
    [...author, 'commit', '--quiet', '-m', 'As built'],
  ];
  for (const step of steps) await succeed('git', step, { env, cwd: folder });
}
