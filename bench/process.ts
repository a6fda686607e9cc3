// One process, run and measured: from the call that starts it until it has ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';

export interface Launch {
  readonly script: string;
  /** Runs before the script, and writes JSON to `report` at the end. */
  readonly preload: string;
  readonly report: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface Ran<Report> {
  readonly wallMs: number;
  readonly report: Report;
}

/** Resolves when the process has ended well. Rejects with what it printed where it has not. */
export async function launch<Report>({ script, preload, report, env, cwd }: Launch): Promise<Ran<Report>> {
  rmSync(report, { force: true });
  const start = performance.now();
  const child = spawn(process.execPath, ['--require', preload, script], {
    cwd,
    env: { ...env, BENCH_REPORT: report },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => printed.push(piece));
  child.stderr.on('data', (piece: Buffer) => printed.push(piece));
  const closed = once(child, 'close');
  const [code] = await once(child, 'exit');
  const wallMs = performance.now() - start;
  await closed;
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}:\n${Buffer.concat(printed).toString()}`);
  return { wallMs, report: JSON.parse(readFileSync(report, 'utf8')) as Report };
}
