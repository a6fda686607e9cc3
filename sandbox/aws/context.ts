// The condition keys that a request has: of the call itself, of the session that makes it, of the identity token behind it.
import type { RequestContext } from './conditions.ts';
import type { Session } from './sessions.ts';

/** Documentation's own address: nobody's. */
const SOURCE_IP = '203.0.113.10';

/** Claims of GitHub's that are condition keys since 2026, beside `sub` and `aud` (facts: aws 8.1). */
const CLAIM_KEYS = [
  'actor',
  'actor_id',
  'job_workflow_ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'workflow',
  'ref',
  'environment',
  'enterprise_id',
];

export type Keys = Iterable<readonly [string, readonly string[]]>;

/** Later sources win; keys are kept in lower case. */
export function contextOf(...sources: readonly Keys[]): RequestContext {
  const context = new Map<string, readonly string[]>();
  for (const source of sources) {
    for (const [key, values] of source) context.set(key.toLowerCase(), values);
  }
  return context;
}

/** `now` in milliseconds. */
export function callKeys(now: number, region: string): Keys {
  return [
    ['aws:CurrentTime', [new Date(now).toISOString()]],
    ['aws:EpochTime', [String(Math.floor(now / 1000))]],
    ['aws:SecureTransport', ['true']],
    ['aws:SourceIp', [SOURCE_IP]],
    ['aws:RequestedRegion', [region]],
  ];
}

/** Who calls: `aws:PrincipalArn` is the role's, not the session's. */
export function sessionKeys(session: Session): Keys {
  const { role, userId, issuedAt, sourceIdentity, tags = new Map(), federation = new Map() } = session;
  return [
    ...federation,
    ['aws:PrincipalArn', [role.arn]],
    ['aws:PrincipalAccount', [role.accountId]],
    ['aws:PrincipalType', ['AssumedRole']],
    ['aws:userid', [userId]],
    ['aws:TokenIssueTime', [new Date(issuedAt).toISOString()]],
    ...(sourceIdentity === undefined ? [] : [['aws:SourceIdentity', [sourceIdentity]] as const]),
    ...[...tags].map(([key, value]) => [`aws:PrincipalTag/${key}`, [value]] as const),
  ];
}

/** What GitHub's token says, under the keys of its provider (`host` is the issuer without its scheme). */
export function tokenKeys(host: string, claims: Readonly<Record<string, unknown>>): Keys {
  const named = CLAIM_KEYS.filter((claim) => typeof claims[claim] === 'string');
  return [
    ...inSessionKeys(host, claims),
    ...named.map((claim) => [`${host}:${claim}`, [String(claims[claim])]] as const),
  ];
}

/** The two that also hold for what the session does later. */
export function inSessionKeys(host: string, claims: Readonly<Record<string, unknown>>): [string, readonly string[]][] {
  const audiences = [claims.aud].flat().map(String);
  return [
    [`${host}:sub`, [String(claims.sub)]],
    [`${host}:aud`, audiences],
  ];
}
