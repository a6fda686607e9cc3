// The step's own folder: one, made when it is first wanted.
import type { OpenLedger } from './keep.ts';
import type { Files, Random } from './ports.ts';

interface Ports {
  readonly files: Files;
  readonly random: Random;
  readonly ledger: OpenLedger;
}

/** The folder of this step. It is owed before it is made: its name is ours, so that a kill in between leaves nothing unknown. */
export function folderOfStep({ files, random, ledger }: Ports): { name: string; path: string } {
  const owed = ledger.debts.find((debt) => debt.by === 'step' && debt.kind === 'folder');
  const made = owed && files.findFolder(String(owed.data.name));
  if (owed && made) return { name: String(owed.data.name), path: made };
  const name = `workload-identity-${random.hex(16)}`;
  ledger.owe({ by: 'step', kind: 'folder', data: { name } });
  return { name, path: files.createFolder(name) };
}
