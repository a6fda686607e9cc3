// Where programs are looked for, and what they are given of our environment: never a folder of the workspace, never a variable that is not
// named here (INVARIANTS 11, 16).
import * as fs from 'node:fs';
import * as paths from 'node:path';
import type { Program, Wanted } from '../core/ports.ts';

export type Env = (name: string) => string | undefined;

/** What a program needs to run, to find its way out, and to be found by the runner when a job has ended. */
const HANDED_ON = [
  ...['HOME', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'USER', 'LOGNAME', 'USERNAME'],
  ...['TMPDIR', 'TEMP', 'TMP', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ'],
  ...['SystemRoot', 'SystemDrive', 'windir', 'ProgramData', 'ProgramFiles', 'APPDATA', 'LOCALAPPDATA', 'PATHEXT'],
  ...['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'],
  ...['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  'RUNNER_TRACKING_ID',
];

/** What is asked of the disk. */
export interface Disk {
  /** The path without links; undefined: there is nothing. */
  real(path: string): string | undefined;
  /** Whether it is a file that this user may run. */
  runs(path: string): boolean;
}

export const realDisk: Disk = {
  real(path) {
    try {
      return fs.realpathSync(path);
    } catch {
      return undefined; // nothing there, or nothing that this user may look at
    }
  },
  runs(path) {
    try {
      fs.accessSync(path, fs.constants.X_OK);
      return fs.statSync(path).isFile();
    } catch {
      return false;
    }
  },
};

/** The program, from the first folder that holds one; undefined: there is none. */
export function locate(wanted: Wanted, env: Env, platform: NodeJS.Platform, disk: Disk): Program | undefined {
  const { join } = pathOf(platform);
  const candidates = searched(env, platform, disk).flatMap((folder): Program[] => {
    if (platform !== 'win32') return [{ file: join(folder, wanted.name), args: [] }];
    const batches = wanted.batches.filter((batch) => disk.runs(join(folder, batch.file)));
    return batches.map(({ program, args }) => ({ file: join(folder, program), args }));
  });
  return candidates.find(({ file }) => disk.runs(file) && !isInside(workspace(env, disk), disk.real(file), platform));
}

function pathOf(platform: NodeJS.Platform): typeof paths.posix {
  return platform === 'win32' ? paths.win32 : paths.posix;
}

/** The folders of the search path, but for relative ones and those in the workspace: what a repository holds is not run. */
function searched(env: Env, platform: NodeJS.Platform, disk: Disk): string[] {
  const { isAbsolute, delimiter } = pathOf(platform);
  const folders = (env('PATH') ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.filter((folder) => !isInside(workspace(env, disk), disk.real(folder) ?? folder, platform));
}

function workspace(env: Env, disk: Disk): string | undefined {
  const given = env('GITHUB_WORKSPACE');
  return given && (disk.real(given) ?? given);
}

function isInside(folder: string | undefined, path: string | undefined, platform: NodeJS.Platform): boolean {
  if (!folder || path === undefined) return false;
  const { relative, isAbsolute } = pathOf(platform);
  const way = relative(folder, path);
  return !/^\.\.([\\/]|$)/.test(way) && !isAbsolute(way);
}

/** The least a program needs: no input, no token, no code for its interpreter. */
export function baseEnv(env: Env, platform: NodeJS.Platform, disk: Disk): Record<string, string> {
  const given = HANDED_ON.map((name) => [name, env(name)] as const).filter(([, value]) => value !== undefined);
  const path = searched(env, platform, disk).join(pathOf(platform).delimiter);
  return { ...(Object.fromEntries(given) as Record<string, string>), PATH: path };
}
