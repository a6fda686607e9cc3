// AWS as the stories see it.

import { provider } from '../../core/task.ts';
import { awsInputs } from './inputs.ts';
import { checkAws, SHORTEST_SESSION } from './request.ts';

export const aws = provider({
  cloud: 'aws',
  title: 'AWS',
  inputs: awsInputs,
  askedBy: 'roleArn',
  check: checkAws,
  plan: (request) => ({
    audiences: { exchange: request.audience },
    hosts: [request.endpoint],
    summary: `AWS: assume ${request.roleArn} at ${new URL(request.endpoint).host} for ${request.duration} s`,
  }),
  identifiers: (request) => [request.accountId],
  settings: () => ({}),
  keeps: ({ duration, durationDemanded }, { keepFresh, lifetime }) => {
    if (keepFresh === 'never' || lifetime <= SHORTEST_SESSION) return undefined;
    // A chain's sessions are shorter than a long `lifetime`; a demanded duration is what the user wants.
    return keepFresh === 'always' || (duration < lifetime && !durationDemanded) ? 'early' : undefined;
  },
  loadExchange: async () => (await import('./exchange.ts')).exchange,
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});
