// A checked request of each cloud, as its inputs make it.
import type { Checked } from '../src/core/checked.ts';
import { type InputTable, readTable, type Values } from '../src/core/input.ts';
import type { Terms } from '../src/core/provider.ts';
import { awsInputs } from '../src/providers/aws/inputs.ts';
import { checkAws } from '../src/providers/aws/request.ts';
import { azureInputs } from '../src/providers/azure/inputs.ts';
import { checkAzure } from '../src/providers/azure/request.ts';
import { gcpInputs } from '../src/providers/gcp/inputs.ts';
import { checkGcp } from '../src/providers/gcp/request.ts';
import { vaultInputs } from '../src/providers/vault/inputs.ts';
import { checkVault } from '../src/providers/vault/request.ts';
import { INPUTS } from './scene.ts';

const TERMS: Terms = { lifetime: 3600, lifetimeGiven: false, revoke: true, outputs: new Set(), keepFresh: 'never' };

function request<Table extends InputTable, Request>(
  table: Table,
  check: (values: Values<Table>, terms: Terms) => Checked<Request>,
  inputs: Readonly<Record<string, string>>,
): Request {
  const values = readTable(table, (name) => inputs[name]);
  const checked = values.ok ? check(values.value, TERMS) : values;
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join('; '));
  return checked.value;
}

export const requests = {
  aws: request(awsInputs, checkAws, { ...INPUTS.aws, 'aws-role-chain': 'arn:aws:iam::123456789012:role/release' }),
  azure: request(azureInputs, checkAzure, INPUTS.azure),
  gcp: request(gcpInputs, checkGcp, {
    ...INPUTS.gcp,
    'gcp-delegates': 'mid@octo-project.iam.gserviceaccount.com',
    'gcp-create-credentials-file': 'false',
    'gcp-token-format': 'access-token',
  }),
  vault: request(vaultInputs, (values, terms) => checkVault(values, terms, (_, pem) => pem), INPUTS.vault),
};
