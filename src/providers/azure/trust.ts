// The federated credential that accepts exactly this token (facts: azure 2, 8.1). Entra compares issuer, subject and audience, nothing else.
import type { Claims } from '../../core/claims.ts';
import { jsonLines, shell } from '../../core/quoting.ts';
import { admits, type Speaker, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import type { AzureRequest } from './request.ts';

const LONGEST_NAME = 120;

/** Lines to paste; or the one line that says why there are none. */
export function trust(request: AzureRequest, claims: Claims): readonly string[] {
  const refused = whyNoTrust(claims);
  if (refused) return [refused];
  const speaker = speakerOf(claims);
  const { issuer, subject, audience } = speaker;
  const credential = { name: nameOf(speaker), issuer, subject, audiences: [audience] };
  const inline = JSON.stringify(credential);
  return [
    'Federated credential:',
    ...jsonLines(credential),
    ...admits(claims),
    'For an app registration:',
    `az ad app federated-credential create --id ${shell(request.clientId)} --parameters ${shell(inline)}`,
    'Where one with this issuer and subject is there, change its audience instead (update, with --federated-credential-id).',
    'For a managed identity (put in its name and resource group; az identity list --output table shows them):',
    `az identity federated-credential create --name ${shell(credential.name)} --identity-name NAME --resource-group GROUP --issuer ${shell(issuer)} --subject ${shell(subject)} --audiences ${shell(audience)}`,
  ];
}

/** Letters, digits and dashes, from the subject: what Entra takes as a name, and what people find again. */
function nameOf({ subject }: Speaker): string {
  const name = subject.replace(/[^A-Za-z0-9]+/g, '-').slice(0, LONGEST_NAME);
  return name.replace(/^-+|-+$/g, '').padEnd(3, '0');
}
