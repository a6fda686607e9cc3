// Azure's token file, kept fresh: the SDKs exchange it themselves, and hold what they read for up to ten minutes (facts: azure 7).
import type { Charge } from '../../core/charge.ts';
import { lifeOf } from '../../core/claims.ts';
import type { Handover } from '../../core/grant.ts';
import { type AzureRequest, FILE_USE, TOKEN_FILE } from './request.ts';

/** With the keeper's ticks, a reader's copy is never older than two minutes when it is read. */
const REWRITE_MS = 100_000;

export function charges(request: unknown, handover: Handover): readonly Charge[] {
  const { audience } = request as AzureRequest;
  return [
    {
      what: "Azure's token file",
      form: { kind: 'file', name: TOKEN_FILE },
      first: { value: '', lifeMs: Number(handover.lifeMs) },
      renewAfterMs: REWRITE_MS,
      audiences: { [FILE_USE]: audience },
      async renew(identities) {
        const identity = identities.get(FILE_USE);
        return { value: identity.token.reveal(), lifeMs: lifeOf(identity.claims) };
      },
    },
  ];
}
