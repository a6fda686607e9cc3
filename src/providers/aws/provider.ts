// AWS as the stories see it.

import { provider } from '../../core/task.ts';
import { awsInputs } from './inputs.ts';
import { checkAws } from './request.ts';

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
  loadExchange: () => import('./exchange.ts'),
  loadCounsel: async () => ({ ...(await import('./advice.ts')), ...(await import('./trust.ts')) }),
});
