// Where the real parts are, once they are installed: a folder named after all that was pinned, so that a changed pin is another folder.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');

export interface Parts {
  /** OpenBao's server itself, not its wrapper: the process's id is the server's. */
  readonly bao: string;
  readonly act: string;
  readonly zizmor: string;
  readonly actionlint: string;
  /** The Python with the clients. */
  readonly python: string;
  /** The AWS CLI, version 1. */
  readonly awsCli: string;
  /** The folder of `initdb`, `postgres` and `psql`. */
  readonly postgres: string;
}

/** What decides which versions are installed. */
export const PINS = {
  tools: join(ROOT, 'real', 'requirements-tools.txt'),
  clients: join(ROOT, 'real', 'requirements-clients.txt'),
  actionlint: join(ROOT, 'real', 'actionlint', 'go.mod'),
  actionlintSums: join(ROOT, 'real', 'actionlint', 'go.sum'),
} as const;

/** The folder of the parts as they are pinned now. */
export function partsFolder(): string {
  const hash = createHash('sha256');
  for (const path of Object.values(PINS)) hash.update(readFileSync(path));
  return join(ROOT, '.cache', `real-${hash.digest('hex').slice(0, 12)}`);
}

/** The marker of a complete installation: written last. */
export function partsFile(): string {
  return join(partsFolder(), 'parts.json');
}

/** The installed parts. Throws where they are not installed, with the command that does it. */
export function parts(): Parts {
  const installed = installedParts();
  if (!installed)
    throw new Error('The real parts are not installed: run `npm run test:real`, which installs them first.');
  return installed;
}

/** The installed parts, or undefined where one of them is missing. */
export function installedParts(): Parts | undefined {
  if (!existsSync(partsFile())) return undefined;
  const known = JSON.parse(readFileSync(partsFile(), 'utf8')) as Parts;
  return Object.values(known).every((path) => existsSync(path)) ? known : undefined;
}
