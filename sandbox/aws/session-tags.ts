// Session tags: asked for, inherited along a chain, and as condition keys.
import type { Keys } from './context.ts';
import { type Parameters, TAG_KEY, TAG_VALUE } from './parameters.ts';
import { StsRefusal } from './refusal.ts';
import type { Session } from './sessions.ts';

export interface AskedTags {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly transitiveKeys: readonly string[];
}

export interface SessionTags {
  /** Everything that the new session carries. */
  readonly values: ReadonlyMap<string, string>;
  /** In lower case. */
  readonly transitive: ReadonlySet<string>;
}

export function askForTags(parameters: Parameters): AskedTags {
  const tags = parameters.list('Tags', 50, ['Key', 'Value']).map(({ Key, Value }, i) => ({
    key: parameters.item(`tags.${i + 1}.member.key`, Key, TAG_KEY),
    value: parameters.item(`tags.${i + 1}.member.value`, Value, TAG_VALUE),
  }));
  const transitiveKeys = parameters
    .list('TransitiveTagKeys', 50, [''])
    .map((member, i) => parameters.item(`transitiveTagKeys.${i + 1}.member`, member[''], TAG_KEY));
  return { tags, transitiveKeys };
}

/** The caller's transitive tags and the new ones. Throws InvalidParameterValue: keys are one whatever their case, and none is overridden. */
export function inheritTags({ tags, transitiveKeys }: AskedTags, caller: Session): SessionTags {
  const keys = new Set(tags.map(({ key }) => key.toLowerCase()));
  if (keys.size < tags.length) {
    throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if ([...keys].some((key) => key.startsWith('aws:')))
    throw invalid('System tags cannot be added/updated by requester');
  const inherited = [...(caller.tags ?? [])].filter(([key]) => caller.transitive?.has(key.toLowerCase()));
  if (inherited.some(([key]) => keys.has(key.toLowerCase()))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const kept = transitiveKeys.map((key) => key.toLowerCase());
  if (kept.some((key) => !keys.has(key))) {
    throw invalid('The specified transitive tag key must be included in the requested tags.');
  }
  return {
    values: new Map([...inherited, ...tags.map(({ key, value }) => [key, value] as const)]),
    transitive: new Set([...inherited.map(([key]) => key.toLowerCase()), ...kept]),
  };
}

export function tagKeys({ values, transitive }: SessionTags): Keys {
  if (values.size === 0) return [];
  return [
    ...[...values].map(([key, value]) => [`aws:RequestTag/${key}`, [value]] as const),
    ['aws:TagKeys', [...values.keys()]],
    ...(transitive.size === 0 ? [] : [['sts:TransitiveTagKeys', [...transitive]] as const]),
  ];
}

function invalid(message: string): StsRefusal {
  return new StsRefusal(400, 'InvalidParameterValue', message);
}
