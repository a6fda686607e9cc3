// Three accounts with a chain through them, as their administrators would have set it up: deploy → gate → prod.
import { type AwsTrust, defaultAwsTrust, type Role } from '../../sandbox/aws/trust.ts';

export const DEPLOY = 'arn:aws:iam::123456789012:role/deploy';
export const GATE = 'arn:aws:iam::210987654321:role/ci/gate';
export const PROD = 'arn:aws:iam::333333333333:role/prod';
export const EXTERNAL_ID = 'octo:external/1';

type Statement = Readonly<Record<string, unknown>>;
const document = (...Statement: Statement[]) => ({ Version: '2012-10-17', Statement });
const CHAINING = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

/** What differs from the chain that works. */
export interface Changes {
  /** Of the trust statement of gate or prod. */
  readonly gate?: Statement;
  readonly prod?: Statement;
  /** Of the permission of deploy or gate. */
  readonly deployMay?: Statement;
  readonly gateMay?: Statement;
}

export function chained({ gate, prod, deployMay, gateMay }: Changes = {}): AwsTrust {
  const home = defaultAwsTrust.accounts['123456789012'];
  const deploy = home?.roles.deploy;
  if (!home || !deploy) throw new Error('the demo has no role deploy');
  const list = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
  const may = (Resource: string, change: Statement = {}) => ({
    Effect: 'Allow',
    Action: CHAINING,
    Resource,
    ...change,
  });
  return {
    accounts: {
      '123456789012': {
        ...home,
        roles: { ...home.roles, deploy: { ...deploy, permissions: document(list, may(GATE, deployMay)) } },
      },
      '210987654321': {
        roles: { gate: role('AROAGATEOCTOREPO00001', DEPLOY, gate, document(may(PROD, gateMay)), '/ci/') },
      },
      '333333333333': {
        buckets: ['prod-artifacts'],
        roles: { prod: role('AROAPRODOCTOREPO00002', GATE, prod, document(list)) },
      },
    },
  };
}

function role(
  id: string,
  trusted: string,
  change: Statement = {},
  permissions: Role['permissions'] = [],
  path = '/',
): Role {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: trusted },
    Action: CHAINING,
    Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
    ...change,
  };
  return { id, path, trustPolicy: document(statement), permissions };
}

/** Letters and digits that do not pack, the same each time. */
export function noise(length: number, seed = 0): string {
  let state = seed + 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'[state % 62];
  }).join('');
}
