// `npm run test:real [-- Jest's options]`: installs the real parts where they are not, then runs their tests.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install } from './install.ts';
import { ROOT } from './parts.ts';

await install();
const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
const options = [
  '--experimental-vm-modules',
  jest,
  '--config',
  join(ROOT, 'jest.real.config.js'),
  ...process.argv.slice(2),
];
const child = spawn(process.execPath, options, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
