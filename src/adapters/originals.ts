// Files of the user's that the step copies and changes: found as the clouds' tools find them, read, never written.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Files } from '../core/ports.ts';

const LARGEST = 2 * 1024 * 1024;

/** `Files.original` over the runner's variables. */
export function originals(env: (name: string) => string | undefined): Files['original'] {
  return (pointed, inHome) => {
    const home = homeOf(env);
    const place = pointed ?? (home && path.join(home, inHome));
    if (!place) return { text: '' };
    const found = home && /^~[\\/]/.test(place) ? path.join(home, place.slice(2)) : path.resolve(place);
    return { path: place, text: textOf(found) };
  };
}

/** In the order of the AWS SDKs. A container's step has HOME=/github/home; without one of these there is none. */
function homeOf(env: (name: string) => string | undefined): string | undefined {
  const drive = env('HOMEPATH') && `${env('HOMEDRIVE') ?? 'C:\\'}${env('HOMEPATH')}`;
  return env('HOME') ?? env('USERPROFILE') ?? (drive || undefined);
}

/** Empty where nothing is, or nothing that this user may see: then no tool of the job finds it either. A byte order mark, which some readers take for a part of the first line, is left out. */
function textOf(file: string): string {
  const found = seen(file);
  if (!found) return '';
  const fault = found.isFile() ? (found.size > LARGEST ? 'is too large for what it is' : undefined) : 'is no file';
  if (!fault) {
    try {
      return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    } catch {
      // told below
    }
  }
  throw new Failure('files/unreadable', `${file} ${fault ?? 'cannot be read'}; nothing was exported`, {}, [
    'Let this user read it, or let the variable that points at it name another.',
  ]);
}

function seen(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
