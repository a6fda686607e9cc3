// Each program of AFTER_POST (JSON: name to arguments) with the environment as the job's posts have left it; one line for each.
const { spawnSync } = require('node:child_process');

for (const [name, [file, ...args]] of Object.entries(JSON.parse(process.env.AFTER_POST))) {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: 60_000 });
  const last = `${stdout}${stderr}`.trim().split('\n').at(-1);
  process.stdout.write(`after ${name}: ${status} ${last}\n`);
}
