// Where the Azure CLI is, once it is installed: in a folder named after its pins alone.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './parts.ts';

export const AZURE_CLI_PINS = join(ROOT, 'real', 'requirements-azure-cli.txt');

function folder(): string {
  const hash = createHash('sha256').update(readFileSync(AZURE_CLI_PINS)).digest('hex');
  return join(ROOT, '.cache', `azure-cli-${hash.slice(0, 12)}`);
}

/** Written last: the installation is complete. */
export function azureCliMarker(): string {
  return join(folder(), 'complete');
}

/** The program. */
export function azureCli(): string {
  return join(folder(), 'bin', 'az');
}

/** The folder of the program. Throws where it is not installed, with the command that does it. */
export function azureCliFolder(): string {
  if (!existsSync(azureCliMarker()))
    throw new Error('The Azure CLI is not installed: run `npm run test:real`, which installs it first.');
  return join(azureCli(), '..');
}
