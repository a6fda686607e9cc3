// The commands of the AWS CLI that advice may contain, on the trust document.
import type { Account, AwsTrust } from '../../sandbox/aws/trust.ts';
import { flag, unknown } from '../shell-words.ts';

type Fields = Readonly<Record<string, unknown>>;

export function aws(words: readonly string[], trust: AwsTrust): AwsTrust {
  const [, verb = ''] = words;
  if (verb === 'create-open-id-connect-provider') {
    const provider = { url: flag(words, 'url') ?? '', clientIds: [flag(words, 'client-id-list') ?? ''] };
    return accounts(trust, (account) =>
      account.oidcProviders?.some(({ url }) => url === provider.url) // "already exists"
        ? account
        : { ...account, oidcProviders: [...(account.oidcProviders ?? []), provider] },
    );
  }
  if (verb === 'add-client-id-to-open-id-connect-provider') {
    const [, host] = /oidc-provider\/(.+)$/.exec(flag(words, 'open-id-connect-provider-arn') ?? '') ?? [];
    const added = flag(words, 'client-id') ?? '';
    return accounts(trust, (account) => ({
      ...account,
      oidcProviders: (account.oidcProviders ?? []).map((provider) =>
        provider.url === `https://${host}` ? { ...provider, clientIds: [...provider.clientIds, added] } : provider,
      ),
    }));
  }
  return unknown(words);
}

function accounts(trust: AwsTrust, change: (account: Account) => Account): AwsTrust {
  return { accounts: Object.fromEntries(Object.entries(trust.accounts).map(([id, account]) => [id, change(account)])) };
}

/** Adds the statements of a printed trust policy to those of a role, as the words above it say. */
export function addStatements(trust: AwsTrust, role: string, policy: Fields): AwsTrust {
  return accounts(trust, (account) => {
    const known = account.roles[role];
    if (!known) return account;
    const old = (typeof known.trustPolicy === 'string' ? JSON.parse(known.trustPolicy) : known.trustPolicy) as Fields;
    const trustPolicy = { ...old, Statement: [old.Statement, policy.Statement].flat() };
    return { ...account, roles: { ...account.roles, [role]: { ...known, trustPolicy } } };
  });
}
