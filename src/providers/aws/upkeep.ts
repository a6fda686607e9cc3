// The AWS session, kept fresh: the whole exchange again, its result in the form of the container credential provider (facts: aws 7).
import type { Charge, Form, Fresh } from '../../core/charge.ts';
import type { Grant, Handover } from '../../core/grant.ts';
import { CONTAINER_PATH, containerCredentials } from './container.ts';
import { boxFits } from './policy.ts';
import type { AwsRequest } from './request.ts';

const SHORTEST_SESSION_MS = 900_000;

export function charges(request: unknown, handover: Handover, until: number): readonly Charge[] {
  const asked = request as AwsRequest;
  return [
    {
      what: 'AWS session',
      form: SERVED,
      outlives: true,
      first: { value: String(handover.credentials), lifeMs: Number(handover.lifeMs) },
      audiences: { exchange: asked.audience },
      async renew(identities, ports, keep) {
        const { exchange } = await import('./exchange.ts');
        const asking = withinLifetime(asked, until - ports.clock.now());
        const grant = await exchange(asking, identities, ports, keep);
        return freshFrom(grant, asking);
      },
    },
  ];
}

/** No session outlives `lifetime`: the last ones are denied everything from then on, where the policy leaves room for that. */
function withinLifetime(request: AwsRequest, leftMs: number): AwsRequest {
  if (leftMs >= SHORTEST_SESSION_MS || !boxFits(request.policy, request.policyArns)) return request;
  return { ...request, timeBox: Math.max(1, Math.floor(leftMs / 1000)) };
}

/** By the duration that was asked for, not by the machine's clock, which may differ from Amazon's. */
function freshFrom(grant: Grant, { duration, timeBox }: AwsRequest): Fresh {
  return {
    value: containerCredentials(grant, grant.expiresAt ?? 0),
    lifeMs: Math.min(duration, timeBox ?? duration) * 1000,
  };
}

const SERVED: Form = {
  kind: 'served',
  path: CONTAINER_PATH,
  // The file's content, as it is.
  authorization: (secret) => secret,
  refusal: (status, { id, message }) => ({
    status,
    body: JSON.stringify({
      Code: status === 503 ? 'ServiceUnavailable' : 'AccessDenied',
      Message: `[${id}] ${message}`,
    }),
  }),
};
