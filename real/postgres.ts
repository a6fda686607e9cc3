// A PostgreSQL of a test's own: loopback only, a random port, an unprivileged user, its data in a folder that goes with it.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnv, type Ran, run, succeed } from './command.ts';
import { freePort } from './loopback.ts';
import { type ServerProcess, startServer } from './server-process.ts';

export interface Postgres {
  readonly port: number;
  /** The superuser that OpenBao's database engine works as. */
  readonly user: string;
  readonly password: string;
  /** Runs SQL over TCP, as the superuser unless told otherwise; one row a line, fields divided by `|`. */
  query(sql: string, as?: { readonly user: string; readonly password: string }): Promise<Ran>;
  /** Stops the server and keeps its data: `start` brings it back on the same port. */
  pause(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a fresh PostgreSQL from the programs in `bin`. Throws with its log where it does not start. */
export async function startPostgres(bin: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const account = { user: 'admin', password: randomBytes(12).toString('hex') };
  const port = await freePort();
  const command = { env: bareEnv(folder), cwd: folder, ...(await servant()) };
  prepare(folder, account.password, command);
  const query: Postgres['query'] = (sql, as = account) => {
    const target = ['-h', '127.0.0.1', '-p', String(port), '-U', as.user, '-d', 'postgres'];
    const env = { ...command.env, PGPASSWORD: as.password, PGCONNECT_TIMEOUT: '5' };
    return run(join(bin, 'psql'), ['-X', '-w', '-q', '-A', '-t', ...target, '-c', sql], { ...command, env });
  };
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`, 'fsync=off'];
  const args = ['-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])];
  const ready = async () => (await query('select 1')).status === 0;
  let server: ServerProcess | undefined;
  const start = async () => {
    server = await startServer({ file: join(bin, 'postgres'), args, ready, ...command });
  };
  // SIGINT: sessions are ended, then the server; SIGTERM would wait for them.
  const pause = async () => server?.stop('SIGINT');
  const stop = async () => {
    await pause();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const init = ['-D', join(folder, 'data'), '-U', account.user, '--auth=scram-sha-256', '-E', 'UTF8', '--no-sync'];
    await succeed(join(bin, 'initdb'), [...init, `--pwfile=${join(folder, 'password')}`], command);
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, ...account, query, pause, start, stop };
}

/** PostgreSQL refuses to run as root; then it runs as nobody. */
async function servant(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const options = { env: bareEnv('/') };
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => succeed('id', [flag, 'nobody'], options)));
  return { uid: Number(uid), gid: Number(gid) };
}

function prepare(folder: string, password: string, { uid, gid }: { uid?: number; gid?: number }): void {
  const data = join(folder, 'data');
  const file = join(folder, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  chmodSync(folder, 0o700);
  if (uid === undefined || gid === undefined) return;
  for (const path of [folder, data, file]) chownSync(path, uid, gid);
}
