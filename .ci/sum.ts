// The end of .ci/run: which stages failed, then one line that sums the tests of all tiers. `sum.ts FAILED,STAGES TIER=results.json ...`
import { existsSync, readFileSync } from 'node:fs';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

const [stages = '', ...tiers] = process.argv.slice(2);
const failedStages = stages.split(',').filter((stage) => stage !== '');
let passed = 0;
let failed = 0;
for (const tier of tiers) {
  const [name = '', path = ''] = tier.split('=');
  const results = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : undefined;
  passed += results?.numPassedTests ?? 0;
  // A suite that does not even load has no failed tests, but it failed.
  const broken = Math.max(results?.numFailedTests ?? 0, results?.numFailedTestSuites ?? 0);
  failed += broken;
  if (results) process.stdout.write(`${name}: ${results.numPassedTests} passed, ${broken} failed\n`);
  // What failed in other ways (no results, a crash at the end) counts as one below.
  else if (!failedStages.includes(name)) failedStages.push(name);
  if (broken > 0 && failedStages.includes(name)) failedStages.splice(failedStages.indexOf(name), 1);
}
failed += failedStages.length;
if (failedStages.length > 0) process.stdout.write(`Failed stages: ${failedStages.join('; ')}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
