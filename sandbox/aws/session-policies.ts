// Session policies: read, and packed as STS packs them, which has a limit of its own.
import { deflateRawSync } from 'node:zlib';
import { MalformedPolicy, type Policy, readPolicy } from './document.ts';
import { ARN, type Parameters, POLICY } from './parameters.ts';
import { StsRefusal, validationError } from './refusal.ts';
import { type FoundRole, findManagedPolicy } from './roles.ts';

export interface SessionPolicyRequest {
  readonly inline?: string;
  readonly arns: readonly string[];
}

const PLAIN_LIMIT = 2048;
/** Bytes. STS's packing is its own and unpublished; raw deflate stands in for it. */
const PACKED_LIMIT = 1024;

export function askForPolicies(parameters: Parameters): SessionPolicyRequest {
  const inline = parameters.optional('Policy', POLICY);
  const arns = parameters
    .list('PolicyArns', 10, ['arn'])
    .map(({ arn }, i) => parameters.item(`policyArns.${i + 1}.member.arn`, arn, ARN));
  return { arns, ...(inline !== undefined && { inline }) };
}

/** The policies of a session in `role`; they add up among themselves. Throws for what is malformed, unknown or too large in plain text. */
export function readSessionPolicies(request: SessionPolicyRequest, role: FoundRole): Policy[] {
  const length = (request.inline ?? '').length + request.arns.join('').length;
  if (length > PLAIN_LIMIT) {
    throw new StsRefusal(
      400,
      'PackedPolicyTooLarge',
      `The session policies together must have at most ${PLAIN_LIMIT} characters.`,
    );
  }
  const managed = request.arns.map((arn) => {
    const document = findManagedPolicy(role.account, role.accountId, arn);
    if (document === undefined) throw validationError(`Policy ${arn} does not exist or is not attachable.`);
    return readPolicy(document, 'permissions');
  });
  return [...(request.inline === undefined ? [] : [readInline(request.inline)]), ...managed];
}

/** Throws MalformedPolicyDocument. */
export function readInline(text: string): Policy {
  try {
    return readPolicy(text, 'permissions');
  } catch (thrown) {
    if (thrown instanceof MalformedPolicy) throw new StsRefusal(400, 'MalformedPolicyDocument', thrown.message);
    throw thrown;
  }
}

/** Per cent of the limit that policies and tags take; undefined if there are none. Throws PackedPolicyTooLarge above 100. */
export function packedSize(
  request: SessionPolicyRequest,
  tags: ReadonlyMap<string, string> = new Map(),
): number | undefined {
  if (request.inline === undefined && request.arns.length === 0 && tags.size === 0) return undefined;
  const packed = deflateRawSync(JSON.stringify([request.inline ?? '', request.arns, [...tags]]));
  const percent = Math.ceil((packed.length * 100) / PACKED_LIMIT);
  if (percent <= 100) return percent;
  const onlyTags = request.inline === undefined && request.arns.length === 0;
  const message = onlyTags
    ? `Packed size of session tags consumes ${percent}% of allotted space.`
    : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`;
  throw new StsRefusal(400, 'PackedPolicyTooLarge', message);
}
