// IAM Service Account Credentials API: a federated principal, or another account, acts as a service account (facts: gcp 1.2).
import { type Call, json, type Reply } from '../service.ts';
import type { AccessToken, AccessTokens } from './access-tokens.ts';
import { OPERATIONS } from './account-operations.ts';
import { accountCall, delegatesOf, type Fields, fieldsOf, isReply } from './account-request.ts';
import { findAccount, type GcpContext, universeOf } from './context.ts';
import { mayOnAccount } from './iam.ts';
import type { Principal } from './principal.ts';
import { apiRefusal, googleHeaders, notFound, permissionDenied, serviceDisabled } from './refusal.ts';
import type { GcpTrust, ServiceAccount } from './trust.ts';

const DELEGATION = 'iam.serviceAccounts.implicitDelegation';

/** Checked in this order: token, API, path, fields, the chain of permissions, the operation itself. */
export async function actAsAccount(call: Call, context: GcpContext, tokens: AccessTokens): Promise<Reply> {
  const trust = context.trust();
  const service = `iamcredentials.${universeOf(trust)}`;
  const caller = tokens.shown(call, service, ['https://www.googleapis.com/auth/iam'], trust);
  if ('status' in caller) return caller;
  const disabled = disabledService(caller, trust, service);
  if (disabled) return disabled;
  const asked = accountCall(call);
  if (asked === undefined) return notFound('Method not found.');
  if ('status' in asked) return asked;
  if (asked.method === 'allowedLocations') return allowedLocations(call, asked.account, trust);
  const operation = Object.hasOwn(OPERATIONS, asked.method) ? OPERATIONS[asked.method] : undefined;
  if (!operation || call.method !== 'POST') return notFound('Method not found.');
  const fields = fieldsOf(call, operation.fields);
  if (isReply(fields)) return fields;
  const account = reached(caller.principal, asked.account, fields, operation.permission, trust);
  return isReply(account) ? account : operation.run(account, fields, context, tokens);
}

/** The target, if every step of the chain caller → delegates → target is allowed. */
function reached(
  caller: Principal,
  target: string,
  fields: Fields,
  permission: string,
  trust: GcpTrust,
): ServiceAccount | Reply {
  const delegates = delegatesOf(fields);
  if (isReply(delegates)) return delegates;
  let from = caller;
  for (const name of delegates) {
    const step = findAccount(trust, name);
    if (!step) return accountNotFound(name);
    if (!mayOnAccount(from, DELEGATION, step)) return permissionDenied(DELEGATION);
    if (step.account.disabled) return accountDisabled(step.account);
    from = { kind: 'service account', email: step.account.email };
  }
  const found = findAccount(trust, target);
  if (!found) return accountNotFound(target);
  if (!mayOnAccount(from, permission, found)) return permissionDenied(permission);
  return found.account.disabled ? accountDisabled(found.account) : found.account;
}

function accountDisabled({ email }: ServiceAccount): Reply {
  return apiRefusal({ code: 400, status: 'FAILED_PRECONDITION', message: `Service account ${email} is disabled.` });
}

/** The regional access boundary that newer libraries ask for: none. */
function allowedLocations(call: Call, name: string, trust: GcpTrust): Reply {
  if (call.method !== 'GET') return notFound('Method not found.');
  if (!findAccount(trust, name)) return accountNotFound(name);
  return json(200, { locations: [], encodedLocations: '0x0' }, googleHeaders());
}

/** The API must be enabled in the project that the caller belongs to. */
function disabledService(caller: AccessToken, trust: GcpTrust, service: string): Reply | undefined {
  const { principal } = caller;
  const project =
    principal.kind === 'federated'
      ? trust.projects.find((p) => p.number === principal.projectNumber)
      : findAccount(trust, principal.email)?.project;
  if (!project?.disabledServices?.includes(service)) return undefined;
  return serviceDisabled('IAM Service Account Credentials API', service, project.number);
}

function accountNotFound(name: string): Reply {
  return notFound(`Not found; Gaia id not found for email ${name}`);
}
