// The `report` output: versioned JSON, nothing secret and no free text (INVARIANTS 3). Its schema is docs/report.schema.json.
import type { Documents } from './documents.ts';
import type { Credential, Grant } from './grant.ts';
import type { Cloud } from './input.ts';
import { inert } from './plain.ts';
import type { Finding } from './probe.ts';
import { iso } from './time.ts';

/** One line of JSON; member names as in the schema. */
export function reportOf(grants: readonly Grant[], issuedAt: number): string {
  return JSON.stringify({
    version: 1,
    'issued-at': iso(issuedAt),
    credentials: grants.flatMap((grant) => grant.credentials.map(entry)),
  });
}

/** What `check-only` found, without a credential: one line of JSON. */
export function checkReport(
  issuer: Finding,
  clouds: readonly { readonly cloud: Cloud; readonly findings: readonly Finding[]; readonly documents: Documents }[],
  checkedAt: number,
): string {
  const found = (of: string) => (finding: Finding) => ({ of, what: inert(finding.what), answer: finding.answer });
  return JSON.stringify({
    version: 1,
    'checked-at': iso(checkedAt),
    credentials: [],
    checks: [found('github')(issuer), ...clouds.flatMap(({ cloud, findings }) => findings.map(found(cloud)))],
    trust: clouds.map(({ cloud, documents }) => ({ cloud, written: documents.refused === undefined })),
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
