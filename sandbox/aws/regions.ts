// Which host is which endpoint of AWS: partitions, their regions, and the forms of host names (facts: aws 1.4).

export type PartitionId = 'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-eusc' | 'aws-iso' | 'aws-iso-b';

interface Partition {
  readonly id: PartitionId;
  readonly suffix: string;
  readonly dualStackSuffix: string;
  readonly regions: readonly string[];
}

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

const PARTITIONS: readonly Partition[] = [
  {
    id: 'aws',
    suffix: 'amazonaws.com',
    dualStackSuffix: 'api.aws',
    regions: list(`af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
      ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1
      ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1
      me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`),
  },
  {
    id: 'aws-cn',
    suffix: 'amazonaws.com.cn',
    dualStackSuffix: 'api.amazonwebservices.com.cn',
    regions: ['cn-north-1', 'cn-northwest-1'],
  },
  {
    id: 'aws-us-gov',
    suffix: 'amazonaws.com',
    dualStackSuffix: 'api.aws',
    regions: ['us-gov-east-1', 'us-gov-west-1'],
  },
  { id: 'aws-eusc', suffix: 'amazonaws.eu', dualStackSuffix: 'api.amazonwebservices.eu', regions: ['eusc-de-east-1'] },
  {
    id: 'aws-iso',
    suffix: 'c2s.ic.gov',
    dualStackSuffix: 'api.aws.ic.gov',
    regions: ['us-iso-east-1', 'us-iso-west-1'],
  },
  { id: 'aws-iso-b', suffix: 'sc2s.sgov.gov', dualStackSuffix: 'api.aws.scloud', regions: ['us-isob-east-1'] },
];

export interface Endpoint {
  readonly service: 'sts' | 's3';
  readonly partition: PartitionId;
  /** The region that a signature must name. */
  readonly region: string;
}

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(PARTITIONS.flatMap(endpointsOf));

function endpointsOf({ id, suffix, dualStackSuffix, regions }: Partition): [string, Endpoint][] {
  const global: [string, Endpoint][] =
    id === 'aws' ? [['sts.amazonaws.com', { service: 'sts', partition: 'aws', region: 'us-east-1' }]] : [];
  return regions.reduce<[string, Endpoint][]>((all, region) => {
    const sts: Endpoint = { service: 'sts', partition: id, region };
    // GovCloud's standard endpoint is its FIPS endpoint.
    const names =
      id === 'aws-us-gov' ? [`sts.${region}.${suffix}`] : [`sts.${region}.${suffix}`, `sts-fips.${region}.${suffix}`];
    names.push(`sts.${region}.${dualStackSuffix}`, `sts-fips.${region}.${dualStackSuffix}`);
    all.push(...names.map((name): [string, Endpoint] => [name, sts]));
    all.push([`s3.${region}.${suffix}`, { service: 's3', partition: id, region }]);
    return all;
  }, global);
}

/** The endpoint that a host is; undefined for hosts that are none, and for regions that do not exist. */
export function endpointOf(host: string): Endpoint | undefined {
  return ENDPOINTS.get(host) ?? interfaceEndpointOf(host);
}

/** `vpce-<id>-<suffix>[-<zone>].sts.<region>.vpce.<suffix>`: a private door to the same STS. */
function interfaceEndpointOf(host: string): Endpoint | undefined {
  const [, rest] = /^vpce-[0-9a-z]{8,17}-[0-9a-z]{8}(?:-[a-z0-9-]+)?\.(sts\.[a-z0-9-]+\.vpce\..+)$/.exec(host) ?? [];
  return rest === undefined ? undefined : ENDPOINTS.get(rest.replace('.vpce.', '.'));
}
