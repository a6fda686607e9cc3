// The administrator who does what is printed: each command of the clouds' and Vault's own clients that advice may contain, carried out on the trust document.
import type { WorldTrust } from '../sandbox/default-trust.ts';
import { aws } from './desk/aws.ts';
import { azure } from './desk/azure.ts';
import { gcloud } from './desk/gcp.ts';
import { vault } from './desk/vault.ts';
import type { Command } from './shell-words.ts';

/** Carries out a command; what only looks (`get`, `describe`, `list`, `read` ...) changes nothing. Throws on a command that nobody here knows. */
export function carryOut(command: Command, trust: WorldTrust): WorldTrust {
  const [program, ...rest] = command.words;
  if (looks(command.words)) return trust;
  if (program === 'aws') return { ...trust, aws: aws(rest, trust.aws) };
  if (program === 'az') return { ...trust, azure: azure(rest, trust.azure) };
  if (program === 'gcloud') return { ...trust, gcp: gcloud(rest, trust.gcp) };
  return { ...trust, vault: vault(rest, command.input ?? '', trust.vault) };
}

function looks(words: readonly string[]): boolean {
  return words.some((word) => /^(get|list|describe|read|show|status|validate)(-|$)/.test(word));
}
