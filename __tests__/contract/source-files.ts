// The sources as text: what each imports, and its code without comments.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface Import {
  readonly specifier: string;
  /** Gone at run time. */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
  /** Path below src/, of a module of ours. */
  readonly target?: string;
}

export interface SourceFile {
  /** Path below src/. */
  readonly path: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const SPECIFIER = /\b(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

function importsOf(path: string, code: string): Import[] {
  return [...code.matchAll(SPECIFIER)].map(([, , type, static_, dynamic]) => {
    const specifier = static_ ?? dynamic ?? '';
    const local = specifier.startsWith('.') ? { target: join(dirname(path), specifier) } : {};
    return { specifier, typeOnly: type !== undefined, dynamic: dynamic !== undefined, ...local };
  });
}

/** Line and block comments out; the sources hold no `//` in a regular expression or a template that this would meet at a line's start. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(,])\/\/[^\n]*/g, '$1');
}

export function sourceFiles(): readonly SourceFile[] {
  const src = join(ROOT, 'src');
  const files = readdirSync(src, { recursive: true, withFileTypes: true }).filter(
    (e) => e.isFile() && e.name.endsWith('.ts'),
  );
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => {
      const path = relative(src, file);
      const code = withoutComments(readFileSync(file, 'utf8'));
      return { path, code, imports: importsOf(path, code) };
    });
}
