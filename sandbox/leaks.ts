// Looks for every secret, in every form, in everything a run left behind.
import { type Allowance, asItIs, standardAllowances } from './leaks/allowances.ts';
import { type Form, formsIn, formsOf } from './leaks/forms.ts';
import { type Spot, spotsOf } from './leaks/places.ts';
import type { RunResult } from './runner/result.ts';

export interface Canary {
  /** Says what the secret is without saying it. */
  readonly label: string;
  readonly value: string;
}

/** A secret where it may not be. Nothing in it shows the secret. */
export interface Leak {
  readonly label: string;
  readonly form: string;
  readonly place: string;
}

export interface LeakSearch {
  readonly canaries: readonly Canary[];
  readonly result: RunResult;
  /** Instead of the standard ones. */
  readonly allowed?: readonly Allowance[];
}

/** All leaks, each place once for each secret and form; empty if all is well. */
export function findLeaks({ canaries, result, allowed = standardAllowances }: LeakSearch): Leak[] {
  const searched = canaries.map(({ label, value }) => ({ label, forms: formsOf(value) }));
  const leaks = spotsOf(result).flatMap((spot) =>
    searched.flatMap(({ label, forms }) =>
      formsIn(spot.text, forms)
        .filter((form) => !isAllowed(spot, form, label, result, allowed))
        .map((form): Leak => ({ label, form: form.name, place: spot.place })),
    ),
  );
  return [...new Map(leaks.map((leak) => [`${leak.label}\n${leak.form}\n${leak.place}`, leak])).values()];
}

function isAllowed(spot: Spot, form: Form, label: string, result: RunResult, allowed: readonly Allowance[]): boolean {
  return allowed.some(
    ({ labels, forms = asItIs, admits }) =>
      (labels?.test(label) ?? true) && forms.test(form.name) && admits(spot, result),
  );
}
