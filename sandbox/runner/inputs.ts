// An action's inputs at one stage: what `with:` says, then the action's defaults.
import type { Action } from './action.ts';
import { interpolate } from './expression.ts';
import type { StepRun } from './step-run.ts';

export interface Input {
  /** As `with:` spells it, else as the action does. */
  readonly name: string;
  readonly value: string;
}

/** Evaluates all inputs. `required` is not enforced and unknown ones only warn, as in the real runner. */
export function readInputs(run: StepRun, action: Action): Input[] {
  const given = Object.entries(run.planned.step.with ?? {}).map(([name, value]) => ({ name, value: run.text(value) }));
  const byName = new Map(given.map((input) => [input.name.toLowerCase(), input]));
  warn(run, action, given);
  const scope = run.scope();
  const visible = ['github', 'strategy', 'matrix', 'job', 'runner'];
  const contexts = Object.fromEntries(Object.entries(scope.contexts).filter(([name]) => visible.includes(name)));
  for (const { name, default: preset } of action.inputs) {
    if (byName.has(name.toLowerCase())) continue;
    byName.set(name.toLowerCase(), { name, value: interpolate(preset, { ...scope, contexts }) });
  }
  return [...byName.values()];
}

/** INPUT_* variables: upper case, spaces become underscores, everything else stays. */
export function inputEnv(inputs: readonly Input[]): Record<string, string> {
  return Object.fromEntries(
    inputs.map(({ name, value }) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

function warn(run: StepRun, action: Action, given: readonly Input[]): void {
  const known = new Map(action.inputs.map((input) => [input.name.toLowerCase(), input]));
  for (const { name } of given) {
    const message = known.get(name.toLowerCase())?.deprecationMessage;
    if (message !== undefined) run.log.warning(`Input '${name}' has been deprecated with message: ${message}`);
  }
  const unknown = given.filter(({ name }) => !known.has(name.toLowerCase())).map(({ name }) => name);
  if (unknown.length === 0) return;
  const valid = action.inputs.map(({ name }) => name);
  run.log.warning(`Unexpected input(s) '${unknown.join("', '")}', valid inputs are ['${valid.join("', '")}']`);
}
