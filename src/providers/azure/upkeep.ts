// Azure's identity tokens, kept fresh where consumers read them: in the token file of the SDKs, which hold what they read for up to ten minutes
// (facts: azure 7), and in the Azure CLI's login, which each start of az reads and which otherwise is over after five minutes.
import type { Charge } from '../../core/charge.ts';
import { lifeOf } from '../../core/claims.ts';
import type { Handover } from '../../core/grant.ts';
import { cachedTokens, LOGINS, LOGINS_LOCK, lastEnd, loginName, TOKENS, withToken } from './cli-files.ts';
import { type AzureRequest, CLI_USE, FILE_USE, TOKEN_FILE } from './request.ts';

/** With the keeper's ticks, a reader's copy is never older than two minutes when it is read. */
const REWRITE_MS = 100_000;

export function charges(request: unknown, handover: Handover): readonly Charge[] {
  const asked = request as AzureRequest;
  return [
    ...(handover.lifeMs === undefined ? [] : [tokenFile(asked, Number(handover.lifeMs))]),
    ...(handover.cliFolder === undefined ? [] : [login(asked, String(handover.cliFolder), Number(handover.cliLifeMs))]),
  ];
}

function tokenFile(asked: AzureRequest, lifeMs: number): Charge {
  const form = { kind: 'file', name: TOKEN_FILE } as const;
  return { what: "Azure's token file", form, ...minted(asked, FILE_USE, lifeMs) };
}

function login(asked: AzureRequest, folder: string, lifeMs: number): Charge {
  const edit = (logins: string, token: string) => withToken(logins, asked, token);
  const obtained = { name: TOKENS, ends: (cache: string | undefined) => lastEnd(cachedTokens(cache)) };
  const form = { kind: 'shared', folder, name: LOGINS, lock: LOGINS_LOCK, edit, obtained } as const;
  return { what: "Azure CLI's login", prolongs: loginName(asked), form, ...minted(asked, CLI_USE, lifeMs) };
}

/** An identity token as it is: it is exchanged by its reader. */
function minted({ audience }: AzureRequest, use: string, lifeMs: number): Omit<Charge, 'what' | 'form'> {
  return {
    first: { value: '', lifeMs },
    renewAfterMs: REWRITE_MS,
    audiences: { [use]: audience },
    async renew(identities) {
      const { token, claims } = identities.get(use);
      return { value: token.reveal(), lifeMs: lifeOf(claims) };
    },
  };
}
