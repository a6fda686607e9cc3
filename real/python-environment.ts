// Python packages by hash, in a virtual environment of their own.
import { join } from 'node:path';
import { machineEnv, succeed } from './command.ts';
import { installDebian } from './debian.ts';

/** The Azure CLI is 150 packages and 700 MB. */
const LONGEST_MS = 15 * 60_000;

/** A virtual environment with exactly the packages of `requirements`, by hash, with `more` options of pip; returns its folder of programs. */
export async function pythonEnvironment(
  folder: string,
  requirements: string,
  more: readonly string[] = [],
): Promise<string> {
  const options = { env: machineEnv() };
  const version = await succeed('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], options).catch(
    () => '',
  );
  const [major = 0, minor = 0] = version.trim().split('.').map(Number);
  if (major !== 3 || minor < 11)
    throw new Error(`The real parts need Python 3.11 or later as python3; found: ${version.trim() || 'none'}`);
  const bin = join(folder, 'bin');
  await succeed('python3', ['-m', 'venv', folder], options).catch(async () => {
    await installDebian(['python3-venv']);
    await succeed('python3', ['-m', 'venv', '--clear', folder], options);
  });
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  const strict = ['--require-hashes', '--only-binary=:all:', '--requirement', requirements];
  await succeed(join(bin, 'python'), [...pip, ...strict, ...more], { ...options, timeoutMs: LONGEST_MS });
  return bin;
}
