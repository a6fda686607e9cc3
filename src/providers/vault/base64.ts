// `decode base64`: the bytes behind a value, strictly, so that a value that is no base64 is told instead of mangled.

/** The bytes, in the standard alphabet or that for URLs, padded or not, broken into lines or not; undefined: it is not base64. */
export function bytesOf(value: string): Buffer | undefined {
  const text = value.replace(/[\r\n\t ]+/g, '');
  if (!/^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/.test(text)) return undefined;
  const bare = text.replace(/=+$/, '');
  const padded = bare.length !== text.length;
  if (bare.length % 4 === 1 || (padded && text.length % 4 !== 0)) return undefined;
  return Buffer.from(bare, /[-_]/.test(bare) ? 'base64url' : 'base64');
}

/** The text that bytes are in UTF-8; undefined: they are none, or hold a NUL, which no variable can. */
export function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
