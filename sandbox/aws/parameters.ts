// Parameters of a query-protocol call, held to the constraints of the API model; all that fail are named together (facts: aws 1.1).
import { StsRefusal, validationError } from './refusal.ts';

interface Constraint {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** The pattern as AWS prints it. */
  readonly printed?: string;
  /** Not repeated in the message. */
  readonly sensitive?: boolean;
}

const TEXT = /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]+$/;
const PRINTED_TEXT = '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+';

export const ARN: Constraint = { min: 20, max: 2048, pattern: TEXT, printed: PRINTED_TEXT };
export const NAME: Constraint = { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/, printed: '[\\w+=,.@-]*' };
export const IDENTITY_TOKEN: Constraint = { min: 4, max: 20_000, sensitive: true };
export const POLICY: Constraint = {
  min: 1,
  max: 2048,
  pattern: /^[\t\n\r\x20-\xff]+$/,
  printed: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
};
export const EXTERNAL_ID: Constraint = { min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/, printed: '[\\w+=,.@:\\/-]*' };
export const TAG_KEY: Constraint = {
  min: 1,
  max: 128,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
  printed: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+',
};
export const TAG_VALUE: Constraint = {
  max: 256,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  printed: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*',
};

/** The parameters of one call. The first of repeated ones counts. Ask for everything, then `check()`. */
export class Parameters {
  readonly #form: URLSearchParams;
  readonly #violations: string[] = [];

  constructor(form: URLSearchParams) {
    this.#form = form;
  }

  optional(name: string, constraint: Constraint): string | undefined {
    const value = this.#form.get(name);
    if (value === null) return undefined;
    this.#hold(member(name), value, constraint);
    return value;
  }

  required(name: string, constraint: Constraint): string {
    const value = this.optional(name, constraint);
    if (value === undefined)
      this.#violations.push(`Value null at '${member(name)}' failed to satisfy constraint: Member must not be null`);
    return value ?? '';
  }

  /** Whole seconds between 900 and 43200. Throws MalformedInput for what is no 32-bit integer. */
  duration(name: string): number | undefined {
    const text = this.#form.get(name);
    if (text === null) return undefined;
    if (text === '') throw new StsRefusal(400, 'MalformedInput', 'missing value for decimal type');
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text) || value !== (value | 0)) throw new StsRefusal(400, 'MalformedInput', '');
    if (value < 900) this.#violate(member(name), String(value), 'have value greater than or equal to 900');
    if (value > 43_200) this.#violate(member(name), String(value), 'have value less than or equal to 43200');
    return value;
  }

  /** Members of a list in order: `PolicyArns.member.1.arn` by `list('PolicyArns', 10, ['arn'])`, `TransitiveTagKeys.member.1` by ``['']``. */
  list(name: string, most: number, fields: readonly string[]): Record<string, string | undefined>[] {
    const members: Record<string, string | undefined>[] = [];
    for (let i = 1; i <= 1000; i++) {
      const keys = fields.map((field) => [field, `${name}.member.${i}${field && `.${field}`}`] as const);
      if (!keys.some(([, key]) => this.#form.has(key))) break;
      members.push(Object.fromEntries(keys.map(([field, key]) => [field, this.#form.get(key) ?? undefined])));
    }
    if (members.length > most)
      this.#violate(member(name), `[${members.length} members]`, `have length less than or equal to ${most}`);
    return members;
  }

  /** A member of a list: `tags.1.member.key`. */
  item(place: string, value: string | undefined, constraint: Constraint): string {
    if (value === undefined)
      this.#violations.push(`Value null at '${place}' failed to satisfy constraint: Member must not be null`);
    else this.#hold(place, value, constraint);
    return value ?? '';
  }

  /** Throws ValidationError if anything asked for was wrong. */
  check(): void {
    const count = this.#violations.length;
    if (count === 0) return;
    throw validationError(`${count} validation error${count > 1 ? 's' : ''} detected: ${this.#violations.join('; ')}`);
  }

  #hold(
    place: string,
    value: string,
    { pattern, printed, min = 0, max = Infinity, sensitive = false }: Constraint,
  ): void {
    const shown = sensitive ? undefined : value;
    if (pattern && !pattern.test(value))
      this.#violate(place, shown, `satisfy regular expression pattern: ${printed ?? ''}`);
    if (value.length < min) this.#violate(place, shown, `have length greater than or equal to ${min}`);
    if (value.length > max) this.#violate(place, shown, `have length less than or equal to ${max}`);
  }

  #violate(place: string, value: string | undefined, must: string): void {
    const what = value === undefined ? 'Value' : `Value '${value}'`;
    this.#violations.push(`${what} at '${place}' failed to satisfy constraint: Member must ${must}`);
  }
}

/** The model's member name: `RoleArn` is `roleArn`. */
function member(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
