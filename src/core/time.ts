// Points in time as people and other programs read them.

/** RFC 3339 in UTC, whole seconds: `2026-11-25T15:04:05Z`. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The same for people: `2026-11-25 15:04 UTC`. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().replace(/T(\d\d:\d\d).*/, ' $1 UTC');
}
