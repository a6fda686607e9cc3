// A user's own trust documents: a file beside their workflow, `deploy.yml` → `deploy.trust.yml` (or `.json`).
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { WorldTrust } from './default-trust.ts';
import { checkTrust } from './vault/trust-check.ts';

const CLOUDS: readonly (keyof WorldTrust)[] = ['aws', 'azure', 'gcp', 'vault'];

/** Where the trust documents of a workflow may be, in the order in which they are looked for. */
export function trustFiles(workflow: string): string[] {
  const stem = workflow.replace(/\.ya?ml$/, '');
  return ['yml', 'yaml', 'json'].map((ending) => `${stem}.trust.${ending}`);
}

/**
 * The documents beside a workflow, by cloud; a cloud that the file does not name keeps the default world's. Undefined: there is no file.
 * Throws what is wrong with one, by its path.
 */
export function trustBeside(workflow: string): Partial<WorldTrust> | undefined {
  const path = trustFiles(workflow).find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  const documents: unknown = parse(readFileSync(path, 'utf8'));
  if (typeof documents !== 'object' || documents === null) throw new Error(`${path}: holds no trust documents`);
  const unknown = Object.keys(documents).filter((name) => !CLOUDS.includes(name as keyof WorldTrust));
  if (unknown.length > 0) throw new Error(`${path}: ${unknown.join(', ')} is none of ${CLOUDS.join(', ')}`);
  const trust = documents as Partial<WorldTrust>;
  if (trust.vault) checkTrust(trust.vault);
  return trust;
}
