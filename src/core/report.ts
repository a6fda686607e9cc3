// The `report` output: versioned JSON, nothing secret and no free text (INVARIANTS 3). Its schema is docs/report.schema.json.
import type { Credential, Grant } from './grant.ts';
import { inert } from './plain.ts';
import { iso } from './time.ts';

/** One line of JSON; member names as in the schema. */
export function reportOf(grants: readonly Grant[], issuedAt: number): string {
  return JSON.stringify({
    version: 1,
    'issued-at': iso(issuedAt),
    credentials: grants.flatMap((grant) => grant.credentials.map(entry)),
  });
}

function entry(credential: Credential): object {
  return {
    cloud: credential.cloud,
    kind: inert(credential.kind),
    holder: inert(credential.holder),
    ...(credential.scope !== undefined && { scope: inert(credential.scope) }),
    ...(credential.expiresAt !== undefined && { 'expires-at': iso(credential.expiresAt) }),
    ending: credential.ending,
    ...(credential.requestId !== undefined && { 'request-id': inert(credential.requestId) }),
  };
}
