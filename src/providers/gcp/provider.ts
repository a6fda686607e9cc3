// Google Cloud as the stories see it.

import { provider } from '../../core/task.ts';
import { IAM_HOST, STS_HOST } from './hosts.ts';
import { gcpInputs } from './inputs.ts';
import { checkGcp } from './request.ts';

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
    hosts: [`https://${STS_HOST}`, ...(request.serviceAccount ? [`https://${IAM_HOST}`] : [])],
    summary: `Google Cloud: ${request.serviceAccount ? `impersonate ${request.serviceAccount}` : 'federate directly'} through ${request.provider}`,
  }),
  identifiers: (request) => [request.projectId, request.provider.split('/')[1]].filter((id) => id !== undefined),
  settings: () => ({}),
  keeps: ({ credentialsFile }, { keepFresh, lifetime }) =>
    keepFresh !== 'never' && lifetime > IDENTITY_LIFE && credentialsFile ? 'early' : undefined,
  loadExchange: () => import('./exchange.ts'),
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});
