// From an identity token's claims to a principal: the provider's condition and its attribute mapping, in CEL.
import type { Reply } from '../service.ts';
import { type CelOutcome, evaluate } from './cel.ts';
import type { FederatedPrincipal } from './principal.ts';
import { oauthRefusal } from './refusal.ts';
import type { Provider } from './trust.ts';

/** Bytes; google.subject may have no more. */
const LONGEST_SUBJECT = 127;

type Claims = Readonly<Record<string, unknown>>;

/** The principal, or the refusal: condition first, then the mapping, then the length of the subject. */
export function mapped(
  claims: Claims,
  provider: Provider,
  pool: { readonly name: string; readonly projectNumber: string },
): FederatedPrincipal | Reply {
  const outcomes = Object.entries(provider.attributeMapping).map(
    ([key, expression]) => [key, evaluate(expression, { assertion: claims })] as const,
  );
  // The condition is judged even where a mapping failed: a token without `sub` is reported as rejected by it.
  if (!meets(provider.attributeCondition, claims, outcomes)) {
    return oauthRefusal('unauthorized_client', 'The given credential is rejected by the attribute condition.');
  }
  const broken = outcomes.map(([key, outcome]) => mappingRefusal(key, outcome)).find((reply) => reply !== undefined);
  if (broken) return broken;
  const value = (key: string) => evaluated(outcomes.find(([name]) => name === key)?.[1]);
  const subject = value('google.subject');
  if (typeof subject !== 'string' || subject === '') return unmapped('google.subject');
  if (Buffer.byteLength(subject) > LONGEST_SUBJECT) return subjectTooLong();
  const groups = value('google.groups');
  return {
    kind: 'federated',
    pool: pool.name,
    projectNumber: pool.projectNumber,
    subject,
    groups: Array.isArray(groups) ? groups : [],
    attributes: attributesOf(outcomes),
  };
}

type Outcomes = readonly (readonly [string, CelOutcome])[];

function meets(condition: string | undefined, claims: Claims, outcomes: Outcomes): boolean {
  if (condition === undefined) return true;
  const google = { subject: '', groups: [] as unknown };
  for (const [key, outcome] of outcomes) {
    if (key === 'google.subject') google.subject = String(evaluated(outcome) ?? '');
    if (key === 'google.groups') google.groups = evaluated(outcome) ?? [];
  }
  const outcome = evaluate(condition, { assertion: claims, google, attribute: attributesOf(outcomes) });
  return 'value' in outcome && outcome.value === true;
}

function attributesOf(outcomes: Outcomes): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [key, outcome] of outcomes) {
    const value = evaluated(outcome);
    if (key.startsWith('attribute.') && typeof value === 'string') attributes[key.slice('attribute.'.length)] = value;
  }
  return attributes;
}

/** A claim that the mapping names must be there, and a mapped attribute must be a string (groups: a list of them). */
function mappingRefusal(key: string, outcome: CelOutcome): Reply | undefined {
  const value = evaluated(outcome);
  const fits = key === 'google.groups' ? Array.isArray(value) : typeof value === 'string';
  return fits ? undefined : unmapped(key);
}

function evaluated(outcome: CelOutcome | undefined): string | boolean | readonly string[] | undefined {
  return outcome && 'value' in outcome ? outcome.value : undefined;
}

function unmapped(key: string): Reply {
  return oauthRefusal(
    'invalid_request',
    `The mapped attribute ${key} could not be evaluated from the given credential.`,
  );
}

function subjectTooLong(): Reply {
  const text =
    'The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify your attribute mapping or the incoming assertion to produce a mapped attribute that is less than 127 bytes.';
  return oauthRefusal('invalid_request', text);
}
