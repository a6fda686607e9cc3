// AssumeRole: from one session of this world to another role (facts: aws 2.2, 9).
import { currentRole, mayActOnRole } from './authorization.ts';
import { callKeys, contextOf, type Keys, sessionKeys } from './context.ts';
import { ARN, EXTERNAL_ID, NAME, Parameters } from './parameters.ts';
import { accessDenied, validationError } from './refusal.ts';
import { type FoundRole, findRole, readRoleArn } from './roles.ts';
import { assumedRole, credentials } from './session-answer.ts';
import { askForPolicies, packedSize, readInline, readSessionPolicies } from './session-policies.ts';
import { askForTags, inheritTags, tagKeys } from './session-tags.ts';
import type { Session } from './sessions.ts';
import type { Request, State } from './state.ts';
import { malformedArn } from './web-identity.ts';
import type { Element } from './xml.ts';

/** Seconds that a session made by a session may live, whatever its role allows. */
const CHAINED_LIMIT = 3600;

/** The content of AssumeRoleResult. Throws StsRefusal. */
export function assumeRole(request: Request, caller: Session, state: State): Element {
  const asked = ask(request.form);
  if (readRoleArn(asked.roleArn) === undefined) throw malformedArn(asked.roleArn);
  if (asked.policies.inline !== undefined) readInline(asked.policies.inline);
  const tags = inheritTags(asked.tags, caller);
  const sourceIdentity = keepSourceIdentity(asked.sourceIdentity, caller);
  const role = findRole(state.trust(), asked.roleArn, request.endpoint.partition);
  const keys: Keys = [
    ...callKeys(state.clock.now(), request.endpoint.region),
    ...sessionKeys(caller),
    ['sts:RoleSessionName', [asked.name]] as const,
    ['sts:DurationSeconds', [String(asked.duration)]] as const,
    ...(asked.externalId === undefined ? [] : [['sts:ExternalId', [asked.externalId]] as const]),
    ...(sourceIdentity === undefined ? [] : [['sts:SourceIdentity', [sourceIdentity]] as const]),
    ...tagKeys(tags),
  ];
  const actions = [
    'sts:AssumeRole',
    ...(tags.values.size > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  authorize(caller, role, asked.roleArn, actions, keys, state);
  checkDuration(asked.duration, role);
  const policies = readSessionPolicies(asked.policies, role);
  const packed = packedSize(asked.policies, tags.values);
  const session = state.sessions.issue({
    role,
    name: asked.name,
    duration: asked.duration,
    policies,
    tags: tags.values,
    transitive: tags.transitive,
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  });
  return {
    AssumedRoleUser: assumedRole(session),
    Credentials: credentials(session),
    ...(packed !== undefined && { PackedPolicySize: packed }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

function ask(form: URLSearchParams) {
  const parameters = new Parameters(form);
  const asked = {
    roleArn: parameters.required('RoleArn', ARN),
    name: parameters.required('RoleSessionName', NAME),
    policies: askForPolicies(parameters),
    duration: parameters.duration('DurationSeconds') ?? CHAINED_LIMIT,
    externalId: parameters.optional('ExternalId', EXTERNAL_ID),
    sourceIdentity: parameters.optional('SourceIdentity', NAME),
    tags: askForTags(parameters),
  };
  parameters.check();
  return asked;
}

/** Once set, it stays for the whole chain. */
function keepSourceIdentity(asked: string | undefined, caller: Session): string | undefined {
  if (caller.sourceIdentity !== undefined && asked !== undefined && asked !== caller.sourceIdentity) {
    throw validationError('The source identity is already set for this assume role session');
  }
  return asked ?? caller.sourceIdentity;
}

/** Each action is asked for by itself; the first that is refused is named. A role that does not exist reads like one that refuses. */
function authorize(
  caller: Session,
  role: FoundRole | undefined,
  arn: string,
  actions: readonly string[],
  keys: Keys,
  state: State,
): asserts role is FoundRole {
  const context = contextOf(keys);
  const current = currentRole(caller, state.trust());
  for (const action of actions) {
    if (role !== undefined && mayActOnRole(caller, current, role, action, context)) continue;
    throw accessDenied(`User: ${caller.arn} is not authorized to perform: ${action} on resource: ${arn}`);
  }
}

/** Every caller here is a session, so every call chains. */
function checkDuration(duration: number, { role }: FoundRole): void {
  if (duration > CHAINED_LIMIT) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (duration > (role.maxSessionDuration ?? 3600)) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}
