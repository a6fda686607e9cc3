// The kinds of input that are AWS's own. Limits are those of the API (facts: aws 1.1, 4.2).

import { isRecord } from '../../core/http.ts';
import type { Kind } from '../../core/input.ts';
import { matching } from '../../core/kinds.ts';

export const roleArn = matching(
  /arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}/,
  'the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy',
);
export const policyArn = matching(
  /arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,576}/,
  'the ARN of an IAM policy',
);

/** Names of roles and policies may hold commas, so that only one before an ARN is a separator. */
export const BETWEEN_ARNS = /,\s*(?=arn:)/;

export interface Tag {
  readonly key: string;
  readonly value: string;
}

const TAG_TEXT = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]`;
export const tagKey = matching(new RegExp(`(?!aws:)${TAG_TEXT}{1,128}`, 'iu'), 'the key of a session tag');
const tagValue = matching(new RegExp(`${TAG_TEXT}{0,256}`, 'u'), 'the value of a session tag');
const MOST_TAGS = 50;

/** Lines `key=value`, or a JSON object of texts, as the official action takes it. A key with `=` in it needs the object. */
export const tags: Kind<readonly Tag[]> = {
  takes: `session tags, one key=value a line or a JSON object of texts: at most ${MOST_TAGS}; keys of 1 to 128 and values of up to 256 letters, digits, blanks and _ . : / = + - @; no key twice in whatever case, none that begins with aws:`,
  parse(given) {
    const found = given.startsWith('{') ? fromObject(given) : fromLines(given);
    if (!found || found.length === 0 || found.length > MOST_TAGS) return undefined;
    const fits = found.every(
      ({ key, value }) => tagKey.parse(key) !== undefined && tagValue.parse(value) !== undefined,
    );
    const keys = new Set(found.map(({ key }) => key.toLowerCase()));
    return fits && keys.size === found.length ? found : undefined;
  },
};

function fromLines(given: string): Tag[] | undefined {
  const lines = given.split(/[\n,]/).map((line) => line.trim());
  const found = lines.filter((line) => line !== '').map((line) => /^([^=]*)=(.*)$/.exec(line));
  if (found.includes(null)) return undefined;
  return found.map((match) => ({ key: match?.[1]?.trim() ?? '', value: match?.[2]?.trim() ?? '' }));
}

function fromObject(given: string): Tag[] | undefined {
  try {
    const object: unknown = JSON.parse(given);
    const entries = isRecord(object) ? Object.entries(object) : [];
    return entries.every(([, value]) => typeof value === 'string')
      ? entries.map(([key, value]) => ({ key, value: String(value) }))
      : undefined;
  } catch {
    return undefined;
  }
}
