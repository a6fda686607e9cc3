// Vault: why a role did not take the token, by Vault's and OpenBao's texts, which are the same (facts: vault 2.1; real-parts 1.2).
import { type Facts, type Rule, ranked } from '../../core/advice.ts';
import { SUBJECT_CAUSES, shown } from '../../core/subject.ts';
import type { VaultRequest } from './request.ts';

type VaultFacts = Facts<VaultRequest>;

const from = 'vault/login-refused';
const roleOf = ({ request }: VaultFacts) => request.role ?? "the mount's default role";
const readRole = ({ request }: VaultFacts) => `\`vault read auth/${request.authPath}/role/${request.role ?? 'ROLE'}\``;

/** What a claim that did not match usually means. */
const CLAIM_HINTS: Readonly<Record<string, string>> = {
  environment: 'Give the job the `environment:` that the role names; a job without one has no such claim.',
  ref: 'Run on the branch or tag that the role names: for a pull request ref is refs/pull/NUMBER/merge.',
  repository:
    'Write owner and repository in the role as GitHub does, in upper and lower case: the claim follows a renaming.',
  repository_owner: 'Write the owner in the role as GitHub does, in upper and lower case.',
  repository_id: 'Write ids in the role as texts, in quotes: a number never equals one.',
  repository_owner_id: 'Write ids in the role as texts, in quotes: a number never equals one.',
  job_workflow_ref: 'Compare the part behind @ too: the ref or commit at which the workflow was called.',
};

/** The claim that Vault's words name. */
function namedClaim({ evidence }: VaultFacts): string {
  return /claim ["']\/?([\w.-]{1,80})["']/i.exec(evidence.said ?? '')?.[1] ?? '';
}

function claimFixes(facts: VaultFacts): string[] {
  const name = namedClaim(facts);
  const hint = Object.hasOwn(CLAIM_HINTS, name) ? CLAIM_HINTS[name] : undefined;
  return [
    `Compare the role's bound_claims with what was presented: ${readRole(facts)}; here ${name} is ${shown(facts.claims, name)}`,
    ...(hint ? [hint] : []),
    'Mind that * is a pattern only in a role with bound_claims_type=glob.',
    ...(name === 'sub' ? ranked(SUBJECT_CAUSES, facts) : []),
    'Mind that `vault write` keeps what a role had: a bound claim of an earlier version stays until it is overwritten.',
  ];
}

/** Texts that name the role, or a claim of the token that it looks at. */
export const ROLE_RULES: readonly Rule<VaultRequest>[] = [
  {
    id: 'vault/role-missing',
    from,
    said: /role ".*" could not be found/,
    cause: ({ request }) => `There is no role ${request.role ?? ''} at auth/${request.authPath}`,
    fixes: ({ request }) => [
      `Check vault-role: \`vault list auth/${request.authPath}/role\` shows the roles of this mount.`,
      'Check vault-auth-path and vault-namespace if you do not find it there: another mount may have it.',
    ],
  },
  {
    id: 'vault/role-missing',
    from,
    said: /missing role/,
    cause: ({ request }) => `No role was named, and auth/${request.authPath} has no default one`,
    fixes: ['Set vault-role.'],
  },
  {
    id: 'vault/role-type',
    from,
    said: /role with oidc role_type/,
    cause: (facts) => `The role ${roleOf(facts)} is for people who log in through a browser (role_type oidc)`,
    fixes: ['Write the role with role_type=jwt: where it is left out it becomes oidc.'],
  },
  {
    id: 'vault/audience-refused',
    from,
    said: /no audiences bound to the role/,
    cause: (facts) =>
      `The role ${roleOf(facts)} has no bound_audiences, and Vault takes no token with an audience then`,
    fixes: ({ request }) => [`Set bound_audiences of the role to ${request.audience}.`],
  },
  {
    id: 'vault/audience-refused',
    from,
    said: /audience claim does not match|\(aud\) claim/,
    cause: (facts) => `The role ${roleOf(facts)} does not have ${facts.request.audience} among its bound_audiences`,
    fixes: (facts) => [
      `Set vault-audience to one of them: ${readRole(facts)} shows them.`,
      `Or set bound_audiences to ${facts.request.audience}: an audience that no other server takes is the safer one.`,
    ],
  },
  {
    id: 'vault/subject-refused',
    from,
    said: /\(sub\) claim/,
    cause: (facts) => `The bound_subject of the role ${roleOf(facts)} is not the subject of this token`,
    fixes: (facts) => [
      `Compare it (${readRole(facts)}) with the one presented: ${shown(facts.claims, 'sub')}`,
      ...ranked(SUBJECT_CAUSES, facts),
      'Mind that `vault write` keeps what a role had: a bound_subject of an earlier version stays until it is overwritten.',
    ],
  },
  {
    id: 'vault/claims-refused',
    from,
    said: /error validating claims: claim "[^"]*" is missing/,
    cause: (facts) =>
      `The role ${roleOf(facts)} asks for the claim ${namedClaim(facts)}, which this token does not have`,
    fixes: claimFixes,
  },
  {
    id: 'vault/claims-refused',
    from,
    said: /error validating claims/,
    cause: (facts) =>
      `The claim ${namedClaim(facts)} of this token is none of those that the role ${roleOf(facts)} accepts`,
    fixes: claimFixes,
  },
  {
    id: 'vault/role-mapping',
    from,
    said: /claim ".*" (not found in token|could not be converted)|error converting claim/,
    cause: (facts) =>
      `The role ${roleOf(facts)} wants the claim ${namedClaim(facts)} for a name, which this token does not have as a text`,
    fixes: (facts) => [
      `Set user_claim (or claim_mappings) of the role to claims that every job has, such as repository: ${readRole(facts)}.`,
    ],
  },
];
