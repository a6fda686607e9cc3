// All known mistakes, in the order in which the document lists them.
import type { Row } from '../row.ts';
import { ROWS as awsConditions } from './aws/conditions.ts';
import { ROWS as awsProvider } from './aws/provider.ts';
import { ROWS as awsRequest } from './aws/request.ts';
import { ROWS as awsSubjects } from './aws/subjects.ts';
import { ROWS as azureCredential } from './azure/credential.ts';
import { ROWS as azureDirectory } from './azure/directory.ts';
import { ROWS as azurePolicy } from './azure/policy.ts';
import { ROWS as azureSubjects } from './azure/subjects.ts';
import { ROWS as gcpAccount } from './gcp/account.ts';
import { ROWS as gcpBinding } from './gcp/binding.ts';
import { ROWS as gcpCondition } from './gcp/condition.ts';
import { ROWS as gcpProvider } from './gcp/provider.ts';
import { ROWS as gcpToken } from './gcp/token.ts';
import { ROWS as githubEndpoint } from './github/endpoint.ts';
import { ROWS as githubJob } from './github/job.ts';
import { ROWS as githubNetwork } from './github/network.ts';
import { ROWS as vaultClaims } from './vault/claims.ts';
import { ROWS as vaultIssuer } from './vault/issuer.ts';
import { ROWS as vaultLogin } from './vault/login.ts';
import { ROWS as vaultReads } from './vault/reads.ts';
import { ROWS as vaultRole } from './vault/role.ts';
import { ROWS as vaultServer } from './vault/server.ts';

export const GROUPS: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  ['GitHub, the job and the network', [...githubJob, ...githubEndpoint, ...githubNetwork]],
  ['AWS', [...awsSubjects, ...awsConditions, ...awsProvider, ...awsRequest]],
  ['Azure', [...azureSubjects, ...azureCredential, ...azureDirectory, ...azurePolicy]],
  ['Google Cloud', [...gcpProvider, ...gcpCondition, ...gcpToken, ...gcpBinding, ...gcpAccount]],
  ['Vault and OpenBao', [...vaultLogin, ...vaultIssuer, ...vaultRole, ...vaultClaims, ...vaultReads, ...vaultServer]],
];
