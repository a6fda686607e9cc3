// AWS partitions: which hosts and audiences belong to a region (facts: aws 1.4).

export interface Partition {
  readonly id: string;
  readonly suffix: string;
  readonly dualStackSuffix: string;
  readonly audience: string;
}

const PARTITIONS: readonly (Partition & { readonly regions: RegExp })[] = [
  {
    id: 'aws-cn',
    regions: /^cn-/,
    suffix: 'amazonaws.com.cn',
    dualStackSuffix: 'api.amazonwebservices.com.cn',
    audience: 'sts.amazonaws.com.cn',
  },
  {
    id: 'aws-us-gov',
    regions: /^us-gov-/,
    suffix: 'amazonaws.com',
    dualStackSuffix: 'api.aws',
    audience: 'sts.amazonaws.com',
  },
  {
    id: 'aws-eusc',
    regions: /^eusc-/,
    suffix: 'amazonaws.eu',
    dualStackSuffix: 'api.amazonwebservices.eu',
    audience: 'sts.amazonaws.com',
  },
  {
    id: 'aws-iso',
    regions: /^us-iso-/,
    suffix: 'c2s.ic.gov',
    dualStackSuffix: 'api.aws.ic.gov',
    audience: 'sts.amazonaws.com',
  },
  {
    id: 'aws-iso-b',
    regions: /^us-isob-/,
    suffix: 'sc2s.sgov.gov',
    dualStackSuffix: 'api.aws.scloud',
    audience: 'sts.amazonaws.com',
  },
  {
    id: 'aws-iso-e',
    regions: /^eu-isoe-/,
    suffix: 'cloud.adc-e.uk',
    dualStackSuffix: 'api.cloud-aws.adc-e.uk',
    audience: 'sts.amazonaws.com',
  },
  {
    id: 'aws-iso-f',
    regions: /^us-isof-/,
    suffix: 'csp.hci.ic.gov',
    dualStackSuffix: 'api.aws.hci.ic.gov',
    audience: 'sts.amazonaws.com',
  },
  { id: 'aws', regions: /^/, suffix: 'amazonaws.com', dualStackSuffix: 'api.aws', audience: 'sts.amazonaws.com' },
];

/** The partition of a region, by its prefix. */
export function partitionOf(region: string): Partition {
  return PARTITIONS.find((p) => p.regions.test(region)) as Partition;
}

/** The STS host of a region. GovCloud's standard host is its FIPS host. */
export function stsHost(region: string, fips: boolean, dualStack: boolean): string {
  const partition = partitionOf(region);
  const service = fips && !(partition.id === 'aws-us-gov' && !dualStack) ? 'sts-fips' : 'sts';
  return `${service}.${region}.${dualStack ? partition.dualStackSuffix : partition.suffix}`;
}

/** The region that a signature for this STS host must name: the host's own, whatever region later steps work in. */
export function signingRegion(host: string, region: string): string {
  if (host === 'sts.amazonaws.com') return 'us-east-1';
  const [, own] = /(?:^sts|^sts-fips|\.sts)\.([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\./.exec(host) ?? [];
  return own ?? region;
}

/** Whether a host is STS of this partition, or an interface endpoint (VPC) for it: what may be given a token with the default audience. */
export function isStsOf(host: string, partition: Partition): boolean {
  const suffix = [partition.suffix, partition.dualStackSuffix].map((s) => s.replaceAll('.', '\\.')).join('|');
  return new RegExp(`^(sts(-fips)?(\\.[a-z0-9-]+)?|vpce-[a-z0-9-]+\\.sts\\.[a-z0-9-]+\\.vpce)\\.(${suffix})$`).test(
    host,
  );
}
