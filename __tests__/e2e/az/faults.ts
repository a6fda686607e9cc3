// The ways in which an Azure CLI can be broken.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { az, type Fault, failed } from './program.ts';

const forever = () => new Promise<never>(() => setInterval(() => {}, 60_000));

/** The stand-in with a fault, or without one. */
export async function run(fault: Fault | undefined, args: readonly string[], log: string): Promise<number> {
  const status = fault === undefined ? undefined : await FAULTS[fault](args, log);
  return status ?? (await az(args, log));
}

/** Each gives an exit status; undefined: it goes on as if nothing were wrong. */
const FAULTS: Readonly<Record<Fault, (args: readonly string[], log: string) => Promise<number | undefined>>> = {
  async hangs(args, log) {
    await az(['account', 'show', ...args.slice(0, 1)], log);
    return forever();
  },
  async garbage() {
    process.stdout.write('Welcome to the corporate az wrapper!\n');
    return 0;
  },
  async traceback() {
    process.stderr.write(
      'ERROR: The command failed with an unexpected error. Here is the traceback:\nERROR: No module named azure.cli\nTraceback (most recent call last):\n  File "x.py", line 1\nTo check existing issues, please visit: https://github.com/Azure/azure-cli/issues\n',
    );
    return 1;
  },
  async hostile(args) {
    const token = args.find((arg) => arg.startsWith('@'))?.slice(1) ?? '';
    process.stderr.write(
      `::stop-commands::x\nERROR: ##[add-mask]no ${readFileSync(token, 'utf8')} ::set-env name=A::b\n`,
    );
    return 3;
  },
  async floods() {
    process.stdout.on('error', () => {});
    for (let i = 0; i < 200; i++) process.stdout.write('x'.repeat(65_536));
    return forever();
  },
  async old() {
    return failed('unrecognized arguments: --federated-token');
  },
  async elsewhere(args) {
    const tenant = args[args.indexOf('--tenant') + 1];
    const user = { name: '99999999-9999-4999-8999-999999999999', type: 'servicePrincipal' };
    process.stdout.write(JSON.stringify([{ id: tenant, isDefault: true, tenantId: tenant, user }]));
    return 0;
  },
  async 'leaves-a-child'() {
    // It stays in the group, and holds the pipes open.
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'inherit' }).unref();
    return undefined;
  },
};
