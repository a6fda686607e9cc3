// Google's identity token, kept fresh: the libraries ask for it each time they exchange, some of them many times a minute (facts: gcp 7). They
// get the one token of the one audience, from memory.
import type { Charge, Form, Fresh } from '../../core/charge.ts';
import { lifeOf } from '../../core/claims.ts';
import type { Handover } from '../../core/grant.ts';
import type { Identity } from '../../core/provider.ts';
import type { GcpRequest } from './request.ts';
import { bearer, SOURCE_PATH, TOKEN_FIELD, TOKEN_FILE } from './source.ts';

export function charges(request: unknown, handover: Handover): readonly Charge[] {
  const { audience } = request as GcpRequest;
  const form = handover.form === 'file' ? FILE : SERVED;
  const fresh = (token: string, lifeMs: number): Fresh => ({
    value: form.kind === 'file' ? token : JSON.stringify({ [TOKEN_FIELD]: token }),
    lifeMs,
  });
  return [
    {
      what: "Google's identity token",
      form,
      first: fresh(String(handover.token), Number(handover.lifeMs)),
      audiences: { exchange: audience },
      async renew(identities) {
        const { token, claims }: Identity = identities.get('exchange');
        return fresh(token.reveal(), lifeOf(claims));
      },
    },
  ];
}

const FILE = { kind: 'file', name: TOKEN_FILE } as const;

/** Refused as RFC 6749 writes it: the libraries put the body into their error. */
const SERVED: Form = {
  kind: 'served',
  path: SOURCE_PATH,
  authorization: bearer,
  refusal: (status, { id, message }) => ({
    status,
    body: JSON.stringify({
      error: status === 503 ? 'temporarily_unavailable' : 'invalid_request',
      error_description: `[${id}] ${message}`,
    }),
  }),
};
