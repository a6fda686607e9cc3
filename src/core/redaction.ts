// What this process knows to be secret: the one memory of the core. Whoever cleans or cuts a text redacts it first: what is left of a
// secret that was cut in two matches no mask.
import type { Secret } from './secret.ts';

const live = new Set<string>();
/** Longest first: a form may hold another. Made anew when a secret comes. */
let ordered: readonly string[] | undefined;

/** Remembers every form of a secret; returns those that are new. */
export function remember(secret: Secret): string[] {
  const added = secret.masks().filter((form) => !live.has(form));
  for (const form of added) live.add(form);
  if (added.length > 0) ordered = undefined;
  return added;
}

/** The text with every live secret, in every form that is masked, replaced by `***`. */
export function redact(text: string): string {
  ordered ??= [...live].sort((a, b) => b.length - a.length);
  let result = text;
  for (const form of ordered) result = result.replaceAll(form, '***');
  return result;
}
