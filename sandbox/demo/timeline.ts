// A bar for each request: what ran when, and what ran at the same time.
import type { Traffic } from '../service.ts';

const WIDTH = 48;

/** One line a request, in order of their starts; `title` heads them. Empty where there were none. */
export function timeline(title: string, traffic: readonly Traffic[]): string[] {
  if (traffic.length === 0) return [];
  const sorted = [...traffic].sort((a, b) => a.start - b.start);
  const from = sorted[0]?.start ?? 0;
  const until = Math.max(...sorted.map((t) => t.end ?? t.start));
  const scale = WIDTH / Math.max(1, until - from);
  const label = Math.max(...sorted.map((t) => nameOf(t).length));
  const rows = sorted.map((t) => {
    const start = Math.min(WIDTH - 1, Math.round((t.start - from) * scale));
    const length = Math.max(1, Math.min(WIDTH - start, Math.round(((t.end ?? t.start) - t.start) * scale)));
    const bar = `${' '.repeat(start)}${'█'.repeat(length)}`.padEnd(WIDTH);
    return `  ${nameOf(t).padEnd(label)}  ${bar}  ${String(t.outcome ?? '').padEnd(3)} ${Math.round((t.end ?? t.start) - t.start)} ms`;
  });
  return [`${title}: ${traffic.length} requests in ${Math.round(until - from)} ms`, ...rows];
}

function nameOf(traffic: Traffic): string {
  return `${traffic.service} ${traffic.operation}`;
}
