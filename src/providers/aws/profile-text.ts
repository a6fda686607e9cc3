// A profile in the text of an AWS configuration or credentials file. Everything else in it stays as it is, to the last comment.

export type FileKind = 'config' | 'credentials';

/** The text with the profile at its end, in place of one of the same name. Values hold no line ends: they were checked. */
export function withProfile(
  text: string,
  kind: FileKind,
  profile: string,
  settings: Readonly<Record<string, string>>,
): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const kept = sections(text)
    .filter(({ header }) => header === undefined || nameIn(header, kind) !== profile)
    .map(({ lines }) => lines)
    .join('');
  const header = kind === 'credentials' || profile === 'default' ? profile : `profile ${profile}`;
  const lines = [`[${header}]`, ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`)];
  const gap = kept === '' ? '' : /\n$/.test(kept) ? end : `${end}${end}`;
  return `${kept}${gap}${lines.join(end)}${end}`;
}

/** Whether the text has that profile already. */
export function hasProfile(text: string, kind: FileKind, profile: string): boolean {
  return sections(text).some(({ header }) => header !== undefined && nameIn(header, kind) === profile);
}

/** Keys and tokens of all its profiles. */
export function secretsIn(text: string): readonly string[] {
  const values = text.matchAll(/^[ \t]*aws_(?:secret_access_key|session_token|security_token)[ \t]*[=:][ \t]*(\S+)/gim);
  return [...values].map(([, value = '']) => value);
}

interface Section {
  /** Undefined: what stands before the first. */
  readonly header?: string;
  /** As they are, line ends included. */
  readonly lines: string;
}

function sections(text: string): Section[] {
  const parts = text.split(/^(?=[ \t]*\[[^\]\r\n]*\])/m);
  return parts.map((lines) => {
    const [, header] = /^[ \t]*\[[ \t]*([^\]\r\n]*?)[ \t]*\]/.exec(lines) ?? [];
    return header === undefined ? { lines } : { header, lines };
  });
}

/** The profile that a header names: `[default]`, `[profile x]` and `[profile "x"]` in the one file, `[x]` in the other. */
function nameIn(header: string, kind: FileKind): string | undefined {
  if (kind === 'credentials' || header === 'default') return header;
  return /^profile[ \t]+(["']?)(.+)\1$/.exec(header)?.[2];
}
