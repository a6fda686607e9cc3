// Preloaded into each process that is measured, floor and action alike: what the process used, written as it ends.
import { writeFileSync } from 'node:fs';

const { BENCH_REPORT: report } = process.env;

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  if (report) writeFileSync(report, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, rssKiB: maxRSS }));
});
