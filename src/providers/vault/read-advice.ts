// Vault: why a secret was not given (facts: vault 2.2; real-parts 1.3).
import { type Cause, type Facts, type Rule, ranked } from '../../core/advice.ts';
import type { VaultRequest } from './request.ts';
import type { SecretRequest } from './secrets.ts';
import { placeOf } from './secrets.ts';
import { capabilitiesOn, policyLine } from './trust.ts';

type VaultFacts = Facts<VaultRequest>;

/** The secret that the failure's message names; undefined where it names none. */
function named({ failure, request }: VaultFacts): SecretRequest | undefined {
  return request.secrets.find((secret) => failure.message.startsWith(`Vault did not give ${placeOf(secret)}: `));
}
const pathOf = (facts: VaultFacts) => named(facts)?.path ?? 'the path';

/** Engines whose paths take a request to work on: they are written to, not read. */
const WRITTEN = /\/(issue|sign|sign-verbatim|encrypt|decrypt|hmac|verify|datakey|check-out)\//;

/** Paths of a KV store of version 2: nothing is made there. */
const STORED = /^[^/]+\/(data|metadata|subkeys)\//;

const REFUSED_CAUSES: readonly Cause<VaultFacts>[] = [
  {
    weight: (facts) => (WRITTEN.test(pathOf(facts)) && !named(facts)?.method ? 80 : 0),
    tell: (facts) => `The engine at this path is written to, not read. ${asWrite(facts)}`,
  },
  {
    weight: 70,
    tell: (facts) => policyAdvice(facts),
  },
  {
    weight: (facts) =>
      /^[^/]+\/(data|metadata|creds|static-creds|sts)\//.test(pathOf(facts)) || WRITTEN.test(pathOf(facts)) ? 0 : 60,
    tell: () =>
      'The mount is a KV store of version 2: then path and policy have data/ behind the mount, as in secret/data/app. `vault secrets list -detailed` shows the version.',
  },
  {
    weight: 50,
    tell: (facts) =>
      `Nothing is mounted at ${pathOf(facts).split('/')[0]}: Vault answers the same for what is forbidden and what is not there. \`vault secrets list\` shows the mounts.`,
  },
  {
    weight: ({ request }) => (request.namespace ? 45 : 20),
    tell: ({ request }) =>
      request.namespace
        ? `The secret is in another namespace than ${request.namespace} (vault-namespace).`
        : 'The secret is in a namespace: set vault-namespace.',
  },
];

function asWrite(facts: VaultFacts): string {
  return `Put POST before the path, and what the engine takes as JSON behind it: POST ${pathOf(facts)} {"name": "value"} ...`;
}

function policyAdvice(facts: VaultFacts): string {
  const path = pathOf(facts);
  const capabilities = capabilitiesOn(path, facts.request);
  const line = named(facts) ? policyLine(facts.request, path, ...capabilities) : undefined;
  const where = `the policies of the role ${facts.request.role ?? ''}`;
  return line
    ? `The token's policies lack it. Add to ${where.trim()}: ${line}`
    : `The token's policies lack ${capabilities.map((c) => `\`${c}\``).join(' and ') || '`read`'} on this path. Add it to ${where.trim()}.`;
}

export const READ_RULES: readonly Rule<VaultRequest>[] = [
  {
    id: 'vault/redirected',
    status: 307,
    cause: ({ request }) => `Vault at ${new URL(request.url).host} is a standby, and where it leads was not followed`,
    fixes: [
      'Set vault-url to the address of the active server, or of a load balancer that knows which one that is.',
      'Check api_addr in the configuration of the servers: one redirect is followed, and only to https.',
    ],
  },
  {
    id: 'vault/token-refused',
    from: 'vault/read-refused',
    // A refusal by policy is "1 error occurred: * permission denied"; of a token that it does not know Vault adds a second (facts: vault 3.1).
    said: /^(permission denied|invalid token)|\* invalid token/,
    cause: (facts) => `Vault did not know the token any more when ${pathOf(facts)} was read`,
    fixes: [
      "Raise token_num_uses of the role, or set it to 0: each read is one use, and the post step's revocations are some.",
      'Raise token_ttl of the role if it is seconds only; check that token_bound_cidrs covers the runner.',
      'Check vault-namespace: a token is only known in its own namespace and below.',
    ],
  },
  {
    id: 'vault/read-refused',
    from: 'vault/read-refused',
    cause: (facts) => `Vault did not let this job ${named(facts)?.method ? 'write to' : 'read'} ${pathOf(facts)}`,
    fixes: (facts) => ranked(REFUSED_CAUSES, facts),
  },
  {
    id: 'vault/namespace-missing',
    from: 'vault/not-found',
    said: /namespace not found/,
    cause: ({ request }) => `There is no namespace ${request.namespace ?? ''}`,
    fixes: ['Check vault-namespace: `vault namespace list` shows those below the one you are in.'],
  },
  {
    id: 'vault/not-found',
    from: 'vault/not-found',
    cause: (facts) => `There is no secret at ${pathOf(facts)}${versionOf(facts)}, or it has been deleted`,
    fixes: (facts) => [
      'Check the path in vault-secrets, letter by letter: upper and lower case count.',
      ...(versionOf(facts) ? ['Check ?version=: old versions are dropped, and deleted ones cannot be read.'] : []),
      'Write the path as it is read: with data/ behind the mount where that is a KV store of version 2.',
      'Set vault-ignore-not-found where the secret may be absent.',
    ],
  },
  {
    id: 'vault/engine-role-missing',
    from: 'vault/read-failed',
    said: /unknown role/,
    cause: (facts) => `The engine has no role for ${pathOf(facts)}`,
    fixes: ["Check the last part of the path: it names a role of the engine, not the login's."],
  },
  {
    id: 'vault/token-uses',
    from: 'vault/read-failed',
    said: /token had one use left/,
    cause: (facts) => `The token was used up before ${pathOf(facts)} was read`,
    fixes: [
      "Raise token_num_uses of the role, or set it to 0: each read is one use, and the post step's revocations are some.",
    ],
  },
  {
    id: 'vault/unsupported',
    from: 'vault/read-failed',
    status: 405,
    cause: (facts) =>
      `The engine at ${pathOf(facts)} is ${named(facts)?.method ? 'read, not written to' : 'not read, but written to'}`,
    fixes: (facts) => [named(facts)?.method ? 'Remove POST and the JSON body from the line.' : asWrite(facts)],
  },
  {
    id: 'vault/version-conflict',
    from: 'vault/read-failed',
    said: /check-and-set parameter/,
    cause: (facts) => `The secret at ${pathOf(facts)} has another version than options.cas of the line says`,
    fixes: [
      'Somebody wrote it since: read the version that there is (secret/data/... with metadata in a later step) and decide.',
      'Set options.cas to 0 to write only where there is nothing yet, or leave it out where the store does not demand it.',
    ],
  },
  {
    id: 'vault/write-refused',
    from: 'vault/read-failed',
    said: /^(no data provided|missing data fields)/,
    cause: (facts) => `The store at ${pathOf(facts)} was given nothing to store`,
    fixes: [
      'Give a KV store of version 2 its secret under data: {"data": {"password": "..."}}; one of version 1 the secret itself.',
    ],
  },
  {
    id: 'vault/throttled',
    status: 429,
    cause: 'A quota of Vault turned the call away, and waiting did not help',
    fixes: ['Start fewer jobs at a time, or have the rate limit or lease count quota raised: Vault says which it is.'],
  },
  {
    id: 'vault/behind',
    status: 412,
    cause: 'A performance standby of Vault has not caught up with the login, and waiting did not help',
    fixes: [
      'Run the job again.',
      'Point vault-url at the active server if it comes back, or look at the replication of the cluster.',
    ],
  },
  {
    id: 'vault/namespace-locked',
    status: 503,
    said: /locked by an administrator/,
    cause: 'An administrator has locked this namespace',
    fixes: ['Ask who locked it: it was done on purpose.'],
  },
  {
    id: 'vault/sealed',
    status: 503,
    said: /sealed/,
    cause: 'Vault is sealed: it answers nobody until it is unsealed',
    fixes: ['Have the server unsealed, and run the job again.'],
  },
  {
    id: 'vault/unavailable',
    status: 503,
    cause: 'Vault is not ready: it has no leader, or something before it answers',
    fixes: ['Look at `vault status` on the server, and run the job again.'],
  },
  {
    id: 'vault/engine-failed',
    from: 'vault/read-failed',
    status: 500,
    cause: (facts) =>
      STORED.test(pathOf(facts))
        ? `Vault failed to read ${pathOf(facts)}, and trying again did not help`
        : `The engine at ${pathOf(facts)} failed: what it makes credentials in did not do what it was told`,
    fixes: (facts) => [
      STORED.test(pathOf(facts))
        ? "Read Vault's words, and the server's log: its storage, or what a proxy before it reaches, is to be mended."
        : "Read Vault's words: they are the database's or the cloud's. Its configuration in the engine, or the role's statements, are to be mended.",
    ],
  },
];

function versionOf(facts: VaultFacts): string {
  const version = named(facts)?.version;
  return version === undefined ? '' : ` in version ${version}`;
}
