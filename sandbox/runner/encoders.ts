// The forms of a secret that the real runner masks beside the value itself (github.md 3.6). What is not here, the real one does not mask either:
// base64url, hex, lower-case percent-encoding, `+` for a space, wrapped base64.

export type Encoder = (value: string) => string;

/** Every encoder by name. An encoder that does not apply to a value answers the empty string. */
export const encoders: Readonly<Record<string, Encoder>> = {
  base64: (value) => Buffer.from(value).toString('base64'),
  'base64 shifted by 1': (value) => shifted(value, 1),
  'base64 shifted by 2': (value) => shifted(value, 2),
  'command line': (value) => value.replaceAll('"', '\\"'),
  expression: (value) => value.replaceAll("'", "''"),
  json: (value) => jsonText(value),
  'uri data': (value) =>
    encodeURIComponent(value.toWellFormed()).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  xml: (value) => value.replace(/[<>"'&]/g, (c) => xmlEntities[c] ?? c),
  'without double quotes': (value) =>
    value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : '',
  'before ampersand': (value) => atLeastSix(beforeAmpersand(value)),
  'after ampersand': (value) => atLeastSix(afterAmpersand(value)),
};

const xmlEntities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
};

// Bytes are dropped, not padded: this catches `base64("user:" + value)` only where the lengths happen to align.
function shifted(value: string, by: number): string {
  const bytes = Buffer.from(value);
  return (bytes.length > by ? bytes.subarray(by) : bytes).toString('base64');
}

// The runner's JSON writer also escapes the three line ends that JavaScript's leaves alone.
function jsonText(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1);
  return escaped.replace(/[\u0085\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// PowerShell colours a command's error around `&`: the parts on both sides are shown apart, one letter of the second lost after `&+`.
function beforeAmpersand(value: string): string {
  const plus = value.indexOf('&+');
  return plus >= 0 ? value.slice(0, plus + 2) : value.slice(0, value.lastIndexOf('&') + 1);
}

function afterAmpersand(value: string): string {
  const plus = value.indexOf('&+');
  if (plus >= 0) return value.slice(plus + 3);
  const last = value.lastIndexOf('&');
  return last >= 0 ? value.slice(last + 1) : '';
}

function atLeastSix(part: string): string {
  return part.length >= 6 ? part : '';
}
