// Who a token speaks for, and by which names a policy can mean it (facts: gcp 8.1).

export type Principal = FederatedPrincipal | AccountPrincipal;

export interface FederatedPrincipal {
  readonly kind: 'federated';
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL` */
  readonly pool: string;
  readonly projectNumber: string;
  readonly subject: string;
  readonly groups: readonly string[];
  /** Without the prefix `attribute.`. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface AccountPrincipal {
  readonly kind: 'service account';
  readonly email: string;
}

/** A Workspace user, as whom a service account acts. */
export interface UserPrincipal {
  readonly kind: 'user';
  readonly email: string;
}

/** Every member string that means this principal. One attribute a principalSet: no name means two at once. */
export function memberNames(principal: Principal | UserPrincipal): string[] {
  if (principal.kind === 'user') return [`user:${principal.email}`];
  if (principal.kind === 'service account') return [`serviceAccount:${principal.email}`];
  const pool = `//iam.googleapis.com/${principal.pool}`;
  return [
    `principal:${pool}/subject/${principal.subject}`,
    ...principal.groups.map((group) => `principalSet:${pool}/group/${group}`),
    ...Object.entries(principal.attributes).map(([name, value]) => `principalSet:${pool}/attribute.${name}/${value}`),
    `principalSet:${pool}/*`,
  ];
}

/** As ledgers and refusals write it. */
export function principalName(principal: Principal | UserPrincipal): string {
  return memberNames(principal)[0] ?? '';
}
