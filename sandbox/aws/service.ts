// AWS as the proxy sees it: STS at every regional endpoint, and S3's list of buckets.
import type { Call, Service } from '../service.ts';
import { endpointOf } from './regions.ts';
import { answerS3 } from './s3.ts';
import { Sessions } from './sessions.ts';
import type { AwsContext, State } from './state.ts';
import { answerSts, readForm } from './sts.ts';

export function awsService(context: AwsContext): Service {
  const state: State = { ...context, sessions: new Sessions(context.clock, context.ledger) };
  return {
    name: 'aws',
    plays: (host) => endpointOf(host) !== undefined,
    operation,
    answer(call) {
      const endpoint = endpointOf(call.host);
      if (endpoint === undefined) return { status: 404 };
      const reply = endpoint.service === 's3' ? answerS3(call, endpoint, state) : answerSts(call, endpoint, state);
      // A client whose own clock is wrong signs by this one.
      return { ...reply, headers: { date: new Date(state.clock.now()).toUTCString(), ...reply.headers } };
    },
  };
}

function operation(call: Call): string {
  if (endpointOf(call.host)?.service === 's3')
    return call.url.pathname === '/' ? 'ListBuckets' : `${call.method} ${call.url.pathname}`;
  return readForm(call)?.get('Action') ?? `${call.method} ${call.url.pathname}`;
}
