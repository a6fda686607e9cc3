// Azure: what Entra's refusals mean and what to do (facts: azure 2, 8.2).
import { adviseBy, type Facts, type Rule } from '../../core/advice.ts';
import type { Claims } from '../../core/claims.ts';
import type { Failure } from '../../core/failure.ts';
import { shown } from '../../core/subject.ts';
import { CREDENTIAL_CAUSES } from './causes.ts';
import { aadsts } from './refusal.ts';
import type { AzureRequest } from './request.ts';

/** Failures that a federated credential would mend. */
export const TRUST_IDS: ReadonlySet<string> = new Set(CREDENTIAL_CAUSES.map((rule) => rule.id));

const GENERAL = [
  'Look up the number behind AADSTS at https://login.microsoftonline.com/error; the sign-in logs of the tenant (service principals) show the same request.',
];

export const RULES: readonly Rule<AzureRequest>[] = [
  ...CREDENTIAL_CAUSES,
  {
    id: 'azure/enterprise-claim',
    code: aadsts(7002381),
    cause: ({ claims }) =>
      `The tenant accepts GitHub tokens of certain enterprises only; this one's claim enterprise is ${shown(claims, 'enterprise')}`,
    fixes: [
      "Run the job in a repository of one of the enterprises that Entra's words name.",
      'Or have an administrator of the tenant add yours to that policy: no federated credential mends it.',
    ],
  },
  {
    id: 'azure/token-expired',
    code: aadsts(700024),
    cause: 'Entra found the identity token outside its time, and the one that was minted anew too',
    fixes: [
      "Run the job again. Entra compares its own clock with the issuer's; the runner's has no part in it, unless something on the way holds requests back for minutes.",
      'On GitHub Enterprise Server, check the clock of the server.',
    ],
  },
  {
    id: 'azure/token-refused',
    code: aadsts(50027, 700027, 7000272, 70023),
    cause: 'Entra could not accept the identity token itself: its form, its signature or its lifetime',
    fixes: ({ claims }) => [
      "Read Entra's words: they name which.",
      `Check that the keys that ${shown(claims, 'iss')} publishes are those that sign its tokens.`,
    ],
  },
  {
    id: 'azure/keys-unreachable',
    code: aadsts(501661),
    cause: ({ claims }) => `Entra could not reach the issuer ${shown(claims, 'iss')}`,
    fixes: [
      "Make the issuer's discovery document and keys reachable from the internet: Entra fetches them from outside.",
      'With github.com, run the job again: it passes by itself.',
    ],
  },
  {
    id: 'azure/federation-disabled',
    code: aadsts(700223),
    cause: 'The tenant does not allow this federation',
    fixes: ['Ask an administrator of the tenant: the policy for workload identity federation forbids it.'],
  },
  {
    id: 'azure/unknown-client',
    code: aadsts(700016),
    cause: ({ request }) => `There is no application ${request.clientId} in the tenant ${request.tenantId}`,
    fixes: unknownClientFixes,
  },
  {
    id: 'azure/no-service-principal',
    code: aadsts(7000229),
    cause: ({ request }) =>
      `The application ${request.clientId} has no service principal in the tenant ${request.tenantId}`,
    fixes: ({ request }) => [`Create it: \`az ad sp create --id ${request.clientId}\`. Then give it its roles.`],
  },
  {
    id: 'azure/unknown-tenant',
    code: aadsts(90002, 900023),
    cause: ({ request }) => `Entra knows no tenant ${request.tenantId} in the cloud ${request.cloud}`,
    fixes: [
      'Check azure-tenant-id: `az account show --query tenantId` prints it.',
      'Check azure-cloud: a tenant of Azure Government or Azure China is unknown in the public cloud.',
    ],
  },
  {
    id: 'azure/scope-refused',
    code: aadsts(70011, 1002012, 500011),
    cause: ({ request }) => `Entra gives no token for one of the scopes ${request.scopes.join(', ')}`,
    fixes: [
      'Check azure-scopes: each is the identifier of an application, followed by /.default. Entra names the one that is wrong.',
      'Check that the application is there in this tenant, and in this cloud: hosts such as vault.azure.net differ between clouds.',
    ],
  },
  {
    id: 'azure/disabled',
    code: aadsts(7000112),
    cause: ({ request }) => `The application ${request.clientId} is disabled`,
    fixes: [
      'Enable it (Enterprise applications, Properties), or use another: somebody may have disabled it on purpose.',
    ],
  },
  {
    id: 'azure/blocked',
    code: aadsts(53003),
    cause: 'Conditional access blocked the sign-in',
    fixes: [
      'Ask an administrator of the tenant which policy did: the sign-in logs (service principals) name it.',
      'Expect a rule on locations: hosted runners come from changing addresses.',
    ],
  },
  {
    id: 'azure/throttled',
    status: 429,
    cause: 'Entra throttled the sign-ins of this application, and waiting did not help',
    fixes: [
      'Start fewer jobs at a time (`max-parallel` of a matrix), or ask for fewer azure-scopes: each is a sign-in.',
    ],
  },
  {
    id: 'azure/unavailable',
    code: /^(temporarily_unavailable|server_error|AADSTS90033)$/,
    cause: 'Entra had a failure of its own, and trying again did not help',
    fixes: ['Look at https://status.azure.com, and run the job again.'],
  },
];

function unknownClientFixes({ request }: Facts<AzureRequest>): string[] {
  return [
    'Check azure-client-id: it takes the application (client) id, not the object id of the application or of its service principal.',
    `Check azure-tenant-id: the application may be in another tenant. \`az ad app show --id ${request.clientId}\` tells, signed in to the right one.`,
    `Check azure-cloud: it is ${request.cloud}, and each cloud has tenants of its own.`,
    'Run the job again if the application is only minutes old.',
  ];
}

/** Entra's refusal with its cause named. Pure. */
export function advise(failure: Failure, request: AzureRequest, claims: Claims): Failure {
  const known = failure.id === 'azure/refused' ? RULES : [];
  return adviseBy(known, GENERAL, failure, request, claims);
}
