import { STSClient } from '@aws-sdk/client-sts';
import { isStsOf, partitionOf, signingRegion, stsHost } from '../../../src/providers/aws/partition.ts';

describe('the STS host of a region', () => {
  it.each([
    ['us-east-1', 'sts.us-east-1.amazonaws.com', 'sts-fips.us-east-1.amazonaws.com', 'sts.us-east-1.api.aws'],
    ['eu-west-1', 'sts.eu-west-1.amazonaws.com', 'sts-fips.eu-west-1.amazonaws.com', 'sts.eu-west-1.api.aws'],
    [
      'cn-north-1',
      'sts.cn-north-1.amazonaws.com.cn',
      'sts-fips.cn-north-1.amazonaws.com.cn',
      'sts.cn-north-1.api.amazonwebservices.com.cn',
    ],
    [
      'us-gov-west-1',
      'sts.us-gov-west-1.amazonaws.com',
      'sts.us-gov-west-1.amazonaws.com',
      'sts.us-gov-west-1.api.aws',
    ],
    [
      'eusc-de-east-1',
      'sts.eusc-de-east-1.amazonaws.eu',
      'sts-fips.eusc-de-east-1.amazonaws.eu',
      'sts.eusc-de-east-1.api.amazonwebservices.eu',
    ],
    [
      'us-iso-east-1',
      'sts.us-iso-east-1.c2s.ic.gov',
      'sts-fips.us-iso-east-1.c2s.ic.gov',
      'sts.us-iso-east-1.api.aws.ic.gov',
    ],
    [
      'us-isob-east-1',
      'sts.us-isob-east-1.sc2s.sgov.gov',
      'sts-fips.us-isob-east-1.sc2s.sgov.gov',
      'sts.us-isob-east-1.api.aws.scloud',
    ],
  ])('%s: standard, FIPS, dual-stack', (region, standard, fips, dualStack) => {
    expect([stsHost(region, false, false), stsHost(region, true, false), stsHost(region, false, true)]).toEqual([
      standard,
      fips,
      dualStack,
    ]);
  });
});

describe('the partition of a region', () => {
  it.each([
    ['eu-west-1', 'aws', 'sts.amazonaws.com'],
    ['ap-southeast-5', 'aws', 'sts.amazonaws.com'],
    ['us-gov-east-1', 'aws-us-gov', 'sts.amazonaws.com'],
    ['cn-northwest-1', 'aws-cn', 'sts.amazonaws.com.cn'],
    ['eusc-de-east-1', 'aws-eusc', 'sts.amazonaws.com'],
    ['us-iso-west-1', 'aws-iso', 'sts.amazonaws.com'],
    ['us-isob-east-1', 'aws-iso-b', 'sts.amazonaws.com'],
  ])('%s is in %s, with the audience %s', (region, id, audience) => {
    expect(partitionOf(region)).toMatchObject({ id, audience });
  });
});

describe('a host that may be given a token with the default audience', () => {
  it.each([
    ['sts.amazonaws.com', 'eu-west-1', true],
    ['sts.eu-west-1.amazonaws.com', 'eu-west-1', true],
    ['sts-fips.us-east-1.amazonaws.com', 'us-east-1', true],
    ['sts.us-east-1.api.aws', 'us-east-1', true],
    ['vpce-0123-abcd.sts.eu-west-1.vpce.amazonaws.com', 'eu-west-1', true],
    ['sts.cn-north-1.amazonaws.com.cn', 'cn-north-1', true],
    ['sts.eu-west-1.amazonaws.com.evil.com', 'eu-west-1', false],
    ['evil-sts.eu-west-1.amazonaws.com', 'eu-west-1', false],
    ['sts.eu-west-1.amazonawsxcom', 'eu-west-1', false],
    ['stsxeu-west-1.amazonaws.com', 'eu-west-1', false],
    ['mybucket.s3.amazonaws.com', 'eu-west-1', false],
    ['sts.execute-api.eu-west-1.amazonaws.com', 'eu-west-1', false],
    ['abc123.execute-api.eu-west-1.amazonaws.com', 'eu-west-1', false],
    ['vpce-0123.execute-api.eu-west-1.vpce.amazonaws.com', 'eu-west-1', false],
    ['sts.cn-north-1.amazonaws.com.cn', 'eu-west-1', false],
    ['sts.eu-west-1.amazonaws.com', 'cn-north-1', false],
    ['localhost', 'eu-west-1', false],
  ])('%s, asked in %s: %s', (host, region, may) => {
    expect(isStsOf(host, partitionOf(region))).toBe(may);
  });
});

/** One region of every partition that the SDK knows, and a few more. */
const REGIONS = [
  'us-east-1',
  'eu-west-1',
  'ap-southeast-7',
  'mx-central-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-west-1',
  'us-gov-east-1',
  'eusc-de-east-1',
  'us-iso-east-1',
  'us-iso-west-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
];

describe.each(REGIONS)('%s', (region) => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("has the host that AWS's SDK works out, FIPS %s, dual stack %s, and we take it for STS", (fips, dualStack) => {
    const { endpointProvider } = new STSClient({ region }).config;
    const input = { Region: region, UseFIPS: fips, UseDualStack: dualStack, UseGlobalEndpoint: false };
    const { hostname } = endpointProvider(input as Parameters<typeof endpointProvider>[0]).url;
    expect(stsHost(region, fips, dualStack)).toBe(hostname);
    expect(isStsOf(hostname, partitionOf(region))).toBe(true);
    expect(signingRegion(hostname, 'eu-south-2')).toBe(region);
  });
});

describe('the region of a signature', () => {
  it.each([
    ['sts.amazonaws.com', 'us-east-1'],
    ['vpce-0a1b2c3d4e5f60718-abcdefgh.sts.eu-central-1.vpce.amazonaws.com', 'eu-central-1'],
    ['vpce-0a1b2c3d4e5f60718-abcdefgh-eu-central-1a.sts.eu-central-1.vpce.amazonaws.com', 'eu-central-1'],
    ['sts.internal.example.com', 'eu-west-1'],
    ['127.0.0.1', 'eu-west-1'],
  ])('at %s is %s', (host, expected) => {
    expect(signingRegion(host, 'eu-west-1')).toBe(expected);
  });
});
