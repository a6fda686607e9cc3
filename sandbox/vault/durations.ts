// Durations as Vault's configuration and requests write them, and as its warnings print them.

export type Duration = number | string;

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** What a token or lease gets where nobody set a limit: 32 days. */
export const SYSTEM_TTL = 2_764_800;

/** Seconds of `900`, `"900"`, `"15m"`, `"1h30m"`; undefined where the text is none of these. */
export function secondsOf(duration: unknown): number | undefined {
  if (typeof duration === 'number') return Number.isFinite(duration) ? Math.trunc(duration) : undefined;
  if (typeof duration !== 'string') return undefined;
  if (/^-?\d+$/.test(duration)) return Number(duration);
  if (!/^(\d+(\.\d+)?[smhd])+$/.test(duration)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of duration.matchAll(/([\d.]+)([smhd])/g)) {
    seconds += Number(amount) * (UNITS[unit ?? 's'] ?? 1);
  }
  return Math.trunc(seconds);
}

/** Seconds of a setting of the trust document, or `otherwise` where it is left out. Throws where it is no duration. */
export function configured(duration: Duration | undefined, otherwise: number): number {
  if (duration === undefined) return otherwise;
  const seconds = secondsOf(duration);
  if (seconds === undefined) throw new Error(`"${duration}" is not a duration`);
  return seconds;
}

/** `36000` as `10h`: the form of the "capped accordingly" warning. */
export function spelled(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  const text = parts.map(([amount, unit]) => (amount > 0 ? `${amount}${unit}` : '')).join('');
  return text === '' ? '0s' : text;
}
