// Google Cloud as the stories see it.

import { provider } from '../../core/task.ts';
import { gcpInputs } from './inputs.ts';
import { checkGcp, type GcpRequest, projectOf } from './request.ts';
import { hostOf } from './universe.ts';

/** Seconds that the identity token lives, behind which a credentials file is worth nothing (facts: github 2.1). */
const IDENTITY_LIFE = 300;

export const gcp = provider({
  cloud: 'gcp',
  title: 'Google Cloud',
  inputs: gcpInputs,
  askedBy: 'provider',
  check: checkGcp,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    hosts: hostsOf(request),
    summary: `Google Cloud: ${purposeOf(request)} through ${request.provider}`,
  }),
  identifiers: (request) =>
    [
      request.projectId,
      request.quotaProject,
      request.provider.split('/')[1],
      ...[...request.delegates, request.serviceAccount].map(projectOf),
    ].filter((id) => id !== undefined),
  settings: () => ({}),
  keeps: ({ credentialsFile }, { keepFresh, lifetime }) =>
    keepFresh !== 'never' && lifetime > IDENTITY_LIFE && credentialsFile ? 'early' : undefined,
  loadExchange: () => import('./exchange.ts'),
  loadLag: async () => (await import('./refusal.ts')).lags,
  loadProbe: async () => (await import('./probe.ts')).probe,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});

function hostsOf({ universe, serviceAccount, subject }: GcpRequest): string[] {
  const services = [
    'sts' as const,
    ...(serviceAccount ? (['iamcredentials'] as const) : []),
    ...(subject ? (['oauth2'] as const) : []),
  ];
  return services.map((service) => `https://${hostOf(service, universe)}`);
}

/** `act as USER, by way of A > B > ACCOUNT`. */
function purposeOf({ serviceAccount, delegates, subject, idToken }: GcpRequest): string {
  if (!serviceAccount) return 'federate directly';
  const chain = [...delegates, serviceAccount].join(' > ');
  if (subject) return `act as ${subject}, by way of ${chain}`;
  return `impersonate ${chain}${idToken ? `, with an ID token for ${idToken.audience}` : ''}`;
}
