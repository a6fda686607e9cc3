// AWS as the stories see it.

import { provider } from '../../core/task.ts';
import { awsInputs } from './inputs.ts';
import { type AwsRequest, accountOf, checkAws, SHORTEST_SESSION } from './request.ts';

export const aws = provider({
  cloud: 'aws',
  title: 'AWS',
  inputs: awsInputs,
  askedBy: 'roleArn',
  check: checkAws,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    hosts: [request.endpoint],
    summary: `AWS: assume ${rolesOf(request).join(', then ')} at ${new URL(request.endpoint).host} for ${request.duration} s`,
  }),
  identifiers: (request) => [...new Set(rolesOf(request).map(accountOf))],
  settings: () => ({}),
  keeps: ({ duration, durationDemanded, profile }, { keepFresh, lifetime }) => {
    if (keepFresh === 'never' || lifetime <= SHORTEST_SESSION || profile) return undefined;
    // A chain's sessions are shorter than a long `lifetime`; a demanded duration is what the user wants.
    return keepFresh === 'always' || (duration < lifetime && !durationDemanded) ? 'early' : undefined;
  },
  loadExchange: () => import('./exchange.ts'),
  loadProbe: async () => (await import('./probe.ts')).probe,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});

/** The roles of a chain, in the order in which they are assumed. */
function rolesOf({ roleArn, chain }: AwsRequest): readonly string[] {
  return [roleArn, ...(chain?.roleArns ?? [])];
}
