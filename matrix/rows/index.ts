// All known mistakes, in the order in which the document lists them.
import type { Row } from '../row.ts';
import { ROWS as AWS } from './aws.ts';
import { ROWS as AZURE } from './azure.ts';
import { ROWS as GCP } from './gcp.ts';
import { ROWS as GITHUB } from './github.ts';
import { ROWS as VAULT } from './vault.ts';

export const GROUPS: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  ['GitHub, the job and the network', GITHUB],
  ['AWS', AWS],
  ['Azure', AZURE],
  ['Google Cloud', GCP],
  ['Vault and OpenBao', VAULT],
];
