// Preloaded in runs that are not timed: the bytes of the JavaScript files that a process loads, written as it ends.
import { statSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const { BENCH_REPORT: report } = process.env;
const files = new Set<string>();

registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) files.add(fileURLToPath(url));
    return next(url, context);
  },
});
process.on('exit', () => {
  const bytes = [...files].reduce((sum, file) => sum + statSync(file).size, 0);
  if (report) writeFileSync(report, JSON.stringify({ bytes, files: files.size }));
});
