// Where PostgreSQL's server programs are. Debian keeps them off PATH, one folder a version.
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';
const PROGRAMS = ['initdb', 'postgres', 'psql'];

/** The folder that holds `initdb`, `postgres` and `psql`: what PATH leads to, else Debian's newest. */
export function findPostgres(path = process.env.PATH ?? '', debian = DEBIAN): string | undefined {
  const named = path
    .split(delimiter)
    .map((folder) => join(folder, 'initdb'))
    .filter((file) => existsSync(file))
    .map((file) => dirname(realpathSync(file)));
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const installed = versions.map((version) => join(debian, version, 'bin'));
  return [...named, ...installed].find((bin) => PROGRAMS.every((program) => existsSync(join(bin, program))));
}
