// Where the Azure CLI is: looked for before a token is minted, and once.
import { Failure } from '../../core/failure.ts';
import type { Processes, Program, Wanted } from '../../core/ports.ts';

const AZ: Wanted = {
  name: 'az',
  batches: [
    // As the installer lays it out, and as pip does.
    { file: 'az.cmd', program: '..\\python.exe', args: ['-IBm', 'azure.cli'] },
    { file: 'az.bat', program: 'python.exe', args: ['-m', 'azure.cli'] },
  ],
};

/** The program, by its absolute path. Rejects with `azure/cli-missing`. */
export async function findAz(processes: Processes): Promise<Program> {
  const program = await processes.find(AZ);
  if (program) return program;
  throw new Failure('azure/cli-missing', 'azure-consumers names cli, but there is no Azure CLI (az) on the PATH', {}, [
    'Install it in an earlier step (https://aka.ms/azure-cli), or run the job on a runner that has it, or in a container image that does.',
    'An az in the workspace or behind a relative PATH entry is not used: put it elsewhere.',
    'Leave cli out of azure-consumers if no later step runs az: sdk and terraform need none.',
  ]);
}
