// What the rows of this folder are made of: the right scene, and changes of it.
import { stsError } from '../../../sandbox/aws/refusal.ts';
import type { Account, Role } from '../../../sandbox/aws/trust.ts';
import { paste, setInput } from '../../follow.ts';
import { INPUTS, type Recorded, replaced, type Scene, scene } from '../../scene.ts';

export const HOST = 'token.actions.githubusercontent.com';
export const MAIN = 'repo:octo-org/octo-repo:ref:refs/heads/main';
export const GHES = 'https://github.example.com/_services/token';
export const OLD = { iat: Math.floor(Date.now() / 1000) - 7200, exp: Math.floor(Date.now() / 1000) - 6900 };

export const right = scene(INPUTS.aws);

export function account(change: (account: Account) => Partial<Account>, base: Scene = right): Scene {
  const accounts = Object.entries(base.trust.aws.accounts).map(([id, one]) => [id, { ...one, ...change(one) }]);
  return { ...base, trust: { ...base.trust, aws: { accounts: Object.fromEntries(accounts) } } };
}
export function role(change: Partial<Role>, base: Scene = right): Scene {
  return account(({ roles }) => ({ roles: { ...roles, deploy: { ...(roles.deploy as Role), ...change } } }), base);
}
/** A trust policy of one statement with these conditions. */
export function conditions(block: object, base: Scene = right): Scene {
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${HOST}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: block,
  };
  return role({ trustPolicy: { Version: '2012-10-17', Statement: [statement] } }, base);
}
export function subject(sub: string, base: Scene = right): Scene {
  return conditions({ StringEquals: { [`${HOST}:aud`]: 'sts.amazonaws.com', [`${HOST}:sub`]: sub } }, base);
}
export function job(change: Partial<Scene['job']>): Scene {
  return { ...right, job: { ...right.job, ...change } };
}
export function says(status: number, code: string, message: string): Scene {
  const answer: Recorded = {
    service: 'aws',
    operation: 'AssumeRoleWithWebIdentity',
    answer: stsError(status, code, message),
  };
  return { ...right, recorded: [answer] };
}
export function input(name: string, value: string): Scene {
  return setInput(right, name, value);
}

export const denied = { id: 'aws/trust-refused', played: 'trust document', fix: paste } as const;
export const EMPTY = { ...right.trust.aws.accounts['123456789012'], oidcProviders: [], roles: {} } as Account;
export function policy(resource: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${resource}/*` }],
  });
}
export function replacedTrust(from: string, to: string): Scene {
  return { ...right, trust: { ...right.trust, aws: replaced(right.trust.aws, from, to) } };
}

/** Actions that a role's trust allows its caller when somebody forgot the tags. */
export const WITHOUT_TAGS = ['sts:AssumeRole', 'sts:SetSourceIdentity'];

/** A chain from deploy to release, with a tag; release lets deploy take these actions. */
export function chained(actions: readonly string[]): Scene {
  const statement = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:role/deploy' }, Action: actions };
  const trustPolicy = { Version: '2012-10-17', Statement: [statement] };
  const at = account(({ roles }) => ({ roles: { ...roles, release: { ...(roles.release as Role), trustPolicy } } }));
  const chain = { 'aws-role-chain': 'arn:aws:iam::123456789012:role/release', 'aws-session-tags': 'team=web' };
  return { ...at, inputs: { ...INPUTS.aws, ...chain } };
}
