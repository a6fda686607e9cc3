import { endpointOf } from '../../../sandbox/aws/regions.ts';
import { defaultAwsTrust } from '../../../sandbox/aws/trust.ts';
import { outcome, startAws } from './account.ts';

describe('hosts', () => {
  it.each([
    ['sts.amazonaws.com', 'us-east-1', 'aws'],
    ['sts.us-east-1.amazonaws.com', 'us-east-1', 'aws'],
    ['sts-fips.us-east-1.amazonaws.com', 'us-east-1', 'aws'],
    ['sts.us-east-1.api.aws', 'us-east-1', 'aws'],
    ['sts.cn-north-1.amazonaws.com.cn', 'cn-north-1', 'aws-cn'],
    ['sts.cn-north-1.api.amazonwebservices.com.cn', 'cn-north-1', 'aws-cn'],
    ['sts.us-gov-west-1.amazonaws.com', 'us-gov-west-1', 'aws-us-gov'],
    ['sts.us-gov-west-1.api.aws', 'us-gov-west-1', 'aws-us-gov'],
    ['sts.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1', 'aws-eusc'],
    ['sts.eusc-de-east-1.api.amazonwebservices.eu', 'eusc-de-east-1', 'aws-eusc'],
    ['sts.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1', 'aws-iso'],
    ['sts.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1', 'aws-iso-b'],
    ['vpce-0a1b2c3d4e5f67890-abcd1234.sts.eu-west-1.vpce.amazonaws.com', 'eu-west-1', 'aws'],
    ['vpce-0a1b2c3d4e5f67890-abcd1234-eu-west-1a.sts.eu-west-1.vpce.amazonaws.com', 'eu-west-1', 'aws'],
  ])('%s is STS of %s', (host, region, partition) => {
    expect(endpointOf(host)).toEqual({ service: 'sts', region, partition });
  });

  it.each([
    'sts.eu-wset-1.amazonaws.com',
    'sts.eu-west-1.amazonaws.com.evil.example',
    'sts.eu-west-1.amazonaws.com.cn',
    'sts.cn-north-1.amazonaws.com',
    'sts-fips.us-gov-west-1.amazonaws.com',
    'sts.eu-west-1.amazonaws.com:8443',
    'evil-sts.eu-west-1.amazonaws.com',
    'vpce-1.sts.eu-west-1.vpce.amazonaws.com',
    'vpce-0a1b2c3d4e5f67890-abcd1234.s3.eu-west-1.vpce.amazonaws.com',
    'amazonaws.com',
  ])('%s is nobody', (host) => {
    expect(startAws().service.plays(host)).toBe(false);
  });
});

it.each([
  ['https://sts.us-east-1.amazonaws.com/'],
  ['https://sts.amazonaws.com/'],
  ['https://sts-fips.us-west-2.amazonaws.com/'],
  ['https://sts.eu-north-1.api.aws/'],
  ['https://vpce-0a1b2c3d4e5f67890-abcd1234.sts.eu-west-1.vpce.amazonaws.com/'],
])('a role can be assumed at %s', async (url) => {
  expect(outcome(await startAws().federate({}, url))).toBe('200');
});

it('each partition has accounts of its own', async () => {
  const account = defaultAwsTrust.accounts['123456789012'];
  if (account === undefined) throw new Error('no account');
  const federated = 'arn:aws-cn:iam::210987654321:oidc-provider/token.actions.githubusercontent.com';
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Federated: federated }, Action: 'sts:AssumeRoleWithWebIdentity' },
  };
  const oidcProviders = [{ url: 'https://token.actions.githubusercontent.com', clientIds: ['sts.amazonaws.com.cn'] }];
  const aws = startAws({
    accounts: {
      '210987654321': {
        partition: 'aws-cn',
        oidcProviders,
        roles: { deploy: { id: 'AROACHINAOCTOREPO0001', trustPolicy } },
      },
    },
  });
  const fields = {
    RoleArn: 'arn:aws-cn:iam::210987654321:role/deploy',
    WebIdentityToken: aws.token({ aud: 'sts.amazonaws.com.cn' }),
  };
  const there = await aws.federate(fields, 'https://sts.cn-north-1.amazonaws.com.cn/');
  expect(there.body).toContain('arn:aws-cn:sts::210987654321:assumed-role/deploy/gh-1');
  expect(outcome(await aws.federate(fields))).toContain('No OpenIDConnect provider found');
});

it.each([
  ['https://sts.eu-west-1.amazonaws.com/', 'Action=GetCallerIdentity', 'GetCallerIdentity'],
  ['https://sts.eu-west-1.amazonaws.com/', '', 'POST /'],
  ['https://s3.eu-west-1.amazonaws.com/', '', 'ListBuckets'],
])('%s %j is called %s in the journal', (url, body, name) => {
  const parsed = new URL(url);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const call = { host: parsed.host, method: 'POST', path: '/', url: parsed, headers, body };
  expect(startAws().service.operation(call)).toBe(name);
});
