// What of Azure is kept fresh: the token file that the SDKs exchange themselves, and the login that the Azure CLI keeps (facts: azure 6.3, 7).
import type { Charge } from '../../core/charge.ts';
import { lifeOf } from '../../core/claims.ts';
import type { Handover } from '../../core/grant.ts';
import { withAssertion } from './cli-files.ts';
import { type AzureRequest, CLI_USE, FILE_USE, TOKEN_FILE } from './request.ts';

/** With the keeper's ticks, a reader's copy is never older than two minutes when it is read. */
const REWRITE_MS = 100_000;

export function charges(request: unknown, { lifeMs, loginFile, loginMs }: Handover): readonly Charge[] {
  const { audience, clientId } = request as AzureRequest;
  return [
    ...(lifeMs === undefined
      ? []
      : [identityToken("Azure's token file", { kind: 'file', name: TOKEN_FILE }, FILE_USE, audience, lifeMs)]),
    ...(typeof loginFile === 'string'
      ? [identityToken("the Azure CLI's login", loginIn(loginFile, clientId), CLI_USE, audience, loginMs)]
      : []),
  ];
}

/** az reads it at each start, and keeps what else is in it: other logins of later steps. */
function loginIn(name: string, clientId: string): Charge['form'] {
  return { kind: 'file', name, within: (content, assertion) => withAssertion(content, clientId, assertion) };
}

function identityToken(
  what: string,
  form: Charge['form'],
  use: string,
  audience: string,
  lifeMs: Handover[string] | undefined,
): Charge {
  return {
    what,
    form,
    first: { value: '', lifeMs: Number(lifeMs) },
    renewAfterMs: REWRITE_MS,
    audiences: { [use]: audience },
    async renew(identities) {
      const identity = identities.get(use);
      return { value: identity.token.reveal(), lifeMs: lifeOf(identity.claims) };
    },
  };
}
