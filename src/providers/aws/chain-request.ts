// What is asked along a chain of roles, checked: the inputs that make sense only there, and what AWS limits there (facts: aws 2.2, 9).
import type { Problems } from '../../core/checked.ts';
import { type Values, wrong } from '../../core/input.ts';
import { spoken } from '../../core/kinds.ts';
import type { awsInputs } from './inputs.ts';
import type { Tag } from './kinds.ts';

/** Seconds that a session made by a session may live, whatever its role allows. */
export const CHAINED_LIMIT = 3600;

/** The roles behind the first, and what is sent to them. Plain data. */
export interface ChainRequest {
  /** In the order in which they are assumed; at least one. */
  readonly roleArns: readonly string[];
  /** Sent to each of them. */
  readonly externalId?: string;
  /** Sent to the first of them, with the two below. */
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
}

type AwsValues = Values<typeof awsInputs>;

/** The chain that was asked for; undefined where none was. What is wrong with it is added to `problems`. */
export function readChain(values: AwsValues, problems: Problems): ChainRequest | undefined {
  checkTags(values, problems);
  const roleArns = values.roleChain?.value;
  if (!roleArns) {
    refuseWithoutChain(values, problems);
    return undefined;
  }
  checkPartitions(values, roleArns, problems);
  checkDuration(values, problems);
  return {
    roleArns,
    tags: values.sessionTags?.value ?? [],
    transitiveTagKeys: values.transitiveTagKeys?.value ?? [],
    ...(values.externalId && { externalId: values.externalId.value }),
    ...(values.sourceIdentity && { sourceIdentity: values.sourceIdentity.value }),
  };
}

/** AssumeRoleWithWebIdentity takes none of these, and the SDK would drop them in silence (facts: aws 1.1). */
function refuseWithoutChain(values: AwsValues, problems: Problems): void {
  for (const given of [values.externalId, values.sessionTags, values.transitiveTagKeys, values.sourceIdentity]) {
    if (!given) continue;
    problems.add(
      'inputs/invalid',
      `${given.field.name}: takes effect on a hop of aws-role-chain, which is empty: AWS takes it with no identity token. Give aws-role-chain, or remove ${given.field.name}.`,
    );
  }
}

function checkTags(values: AwsValues, problems: Problems): void {
  const keys = values.transitiveTagKeys;
  const known = new Set(values.sessionTags?.value.map(({ key }) => key.toLowerCase()));
  const unknown = keys?.value.find((key) => !known.has(key.toLowerCase()));
  if (keys && unknown !== undefined)
    problems.list.push(wrong(keys.field, unknown, 'which is no key of aws-session-tags'));
}

function checkPartitions(values: AwsValues, roleArns: readonly string[], problems: Problems): void {
  const partition = values.roleArn?.value.split(':')[1];
  const stray = roleArns.find((arn) => arn.split(':')[1] !== partition);
  if (values.roleChain && stray !== undefined && partition)
    problems.list.push(
      wrong(values.roleChain.field, stray, `which is not in partition ${partition}, where aws-role-arn is`),
    );
}

function checkDuration(values: AwsValues, problems: Problems): void {
  const duration = values.sessionDuration;
  if (!duration || duration.value <= CHAINED_LIMIT) return;
  problems.add(
    'inputs/invalid',
    `aws-session-duration: got "${duration.text}", but AWS lets a chained session live ${spoken(CHAINED_LIMIT)} at most. Lower it, or do without aws-role-chain.`,
  );
}
