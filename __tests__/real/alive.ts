// What of a job is alive where it counts: on the OpenBao and in the PostgreSQL of a test.
import type { OpenBao } from '../../real/openbao.ts';
import type { Postgres } from '../../real/postgres.ts';

/** Keys below `path`; none where the server has none. Throws where it refuses to say. */
export async function keysAt(bao: OpenBao, path: string): Promise<string[]> {
  const { status, body } = await bao.call('LIST', path);
  if (status !== 404 && status >= 300) throw new Error(`OpenBao: LIST ${path}: ${status} ${JSON.stringify(body)}`);
  return ((body?.data ?? {}) as { keys?: string[] }).keys ?? [];
}

/** Accessors of the living tokens that came from a JWT mount, of each namespace by its prefix. A batch token is in no list of the server's. */
export async function jobTokens(bao: OpenBao, prefixes: readonly string[] = ['']): Promise<string[]> {
  const found: string[] = [];
  for (const prefix of prefixes)
    for (const accessor of await keysAt(bao, `${prefix}auth/token/accessors`)) {
      const { body } = await bao.call('POST', `${prefix}auth/token/lookup-accessor`, { accessor });
      if ((body?.data as { path?: string } | undefined)?.path === 'auth/jwt/login') found.push(accessor);
    }
  return found;
}

/** Users that a database engine has made. */
export async function leasedUsers(postgres: Postgres): Promise<string[]> {
  const { stdout } = await postgres.query("select rolname from pg_roles where rolname like 'v-%'");
  return stdout.split('\n').filter((name) => name !== '');
}
