// What only the distribution has: its packages, by apt-get, which takes root.
import { machineEnv, succeed } from './command.ts';

/** Installs Debian packages. Throws with the command to run by hand where this process may not or the machine has no apt-get. */
export async function installDebian(packages: readonly string[]): Promise<void> {
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  const options = { env: { ...machineEnv(), DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 600_000 };
  if (process.getuid?.() !== 0)
    throw new Error(`Missing on this machine: ${packages.join(', ')}. Install as root: apt-get ${install.join(' ')}`);
  process.stdout.write(`Installing ${packages.join(', ')} with apt-get ...\n`);
  await succeed('apt-get', ['update', '--quiet'], options);
  await succeed('apt-get', install, options);
}
