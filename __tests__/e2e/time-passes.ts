// A step that lets the world's time pass (sandbox/shared-time.ts), as a line of a shell.

/** Ends once so many minutes have passed for everybody. */
export function passing(minutes: number): string {
  // The answer comes when they have; who hangs up before is not waited for.
  const program = `const s = require('node:net').connect($WORLD_TIME, '127.0.0.1'); s.write('${minutes * 60_000}\\n'); s.resume()`;
  return `node -e "${program}"`;
}
