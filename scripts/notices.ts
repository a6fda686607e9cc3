// The licences of everything that went into the bundle, as their terms ask: one text file beside it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** Packages by the folders of the bundles' inputs; throws for one without a licence. */
export function notices(bundles: readonly Metafile[], root: string): string {
  const folders = new Set(
    bundles
      .flatMap((bundle) => Object.keys(bundle.inputs))
      .map(packageFolder)
      .filter((folder) => folder !== undefined),
  );
  const parts = [...folders].sort().map((folder) => notice(join(root, folder)));
  return `Third-party software in dist/\n\n${[...new Set(parts)].join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function packageFolder(input: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!file && !license) throw new Error(`${name}: no licence is stated`);
  const text = file
    ? readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim()
    : `Licence as stated by the package: ${license}`;
  return `${name} ${version}${license ? ` (${license})` : ''}\n\n${text}\n`;
}
