// Who may do what: a role's trust, a caller's permissions, and how IAM puts the two together.
import type { RequestContext } from './conditions.ts';
import { MalformedPolicy, type Policy, readPolicy, type Statement } from './document.ts';
import { type Decision, decide, type Question } from './policy.ts';
import { type FoundRole, findRole } from './roles.ts';
import type { Session } from './sessions.ts';
import type { AwsTrust, PolicyDocument, Role } from './trust.ts';

/** Whether a role's trust lets an identity provider's user in. `provider` is the provider's ARN. */
export function trustsProvider(role: FoundRole, provider: string, action: string, context: RequestContext): boolean {
  const trust = trustOf(role.role);
  const forProvider = ({ principals }: Statement) =>
    (principals.Federated ?? []).some((p) => p === '*' || p === provider);
  return decide([trust], { action, resource: role.arn, context }, forProvider) === 'allow';
}

/** Whether a control policy of the organisation denies an action on a role, whatever its trust says. */
export function forbidden(role: FoundRole, action: string, context: RequestContext): boolean {
  const { controlPolicy } = role.account;
  if (controlPolicy === undefined) return false;
  const policy = readPolicy(controlPolicy, 'permissions');
  return decide([policy], { action, resource: role.arn, context }) === 'explicit deny';
}

/** Whether a session may take an action on another role: trust and permissions (of its own role as it is now) together. */
export function mayActOnRole(
  session: Session,
  current: Role,
  role: FoundRole,
  action: string,
  context: RequestContext,
): boolean {
  const question: Question = { action, resource: role.arn, context };
  const trust = [trustOf(role.role)];
  const trusted = decide(trust, question, names(session, true));
  if (trusted !== 'allow') return false;
  const own = decideByPermissions(session, current, question);
  if (own.decision === 'explicit deny') return false;
  // In one account, a trust that names the role or session itself needs no permission beside it; one that names the account does.
  const byName =
    session.role.accountId === role.accountId && decide(trust, question, names(session, false)) === 'allow';
  return byName ? own.session === 'allow' : own.decision === 'allow';
}

/** A session's role as the trust document has it now: a policy that is changed cuts living sessions; a deleted role permits nothing. */
export function currentRole(session: Session, trust: AwsTrust): Role {
  const { arn, account, role } = session.role;
  return findRole(trust, arn, account.partition ?? 'aws')?.role ?? { ...role, permissions: [] };
}

export interface Permission {
  readonly decision: Decision;
  /** What the session policies alone say; `allow` where there are none. */
  readonly session: Decision;
}

/** What a session's own policies say, and those of its role as it is now (`currentRole`). */
export function decideByPermissions(session: Session, role: Role, question: Question): Permission {
  const identity = decide(permissionsOf(role), question);
  const narrowed = session.policies.length === 0 ? 'allow' : decide(session.policies, question);
  const both = [identity, narrowed];
  if (both.includes('explicit deny')) return { decision: 'explicit deny', session: narrowed };
  return { decision: both.includes('implicit deny') ? 'implicit deny' : 'allow', session: narrowed };
}

export function permissionsOf({ permissions = [] }: Role): Policy[] {
  const documents = Array.isArray(permissions) ? permissions : [permissions];
  return documents.map((document: PolicyDocument) => readPolicy(document, 'permissions'));
}

/** A trust that IAM would not have stored lets nobody in. */
function trustOf(role: Role): Policy {
  try {
    return readPolicy(role.trustPolicy, 'trust');
  } catch (thrown) {
    if (thrown instanceof MalformedPolicy) return [];
    throw thrown;
  }
}

/** Statements that name a session: as itself, as its role, and, if `broadly`, as its account or as everybody. */
function names(session: Session, broadly: boolean): (statement: Statement) => boolean {
  const { accountId, arn, account } = session.role;
  const wanted = new Set([session.arn, arn]);
  if (broadly)
    for (const one of ['*', accountId, `arn:${account.partition ?? 'aws'}:iam::${accountId}:root`]) wanted.add(one);
  return ({ principals }) => (principals.AWS ?? []).some((principal) => wanted.has(principal));
}
