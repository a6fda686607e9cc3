// Doing what was printed. A fix is read from the log of the step that failed and carried out on the scene; what was not printed is not done.
import { addStatements } from './desk/aws.ts';
import { carryOut } from './desk.ts';
import type { Told } from './notes.ts';
import type { Scene } from './scene.ts';
import { commandsOf, documentsOf } from './shell-words.ts';

/** From what was printed and the scene as it was to the scene with the fix in it. Throws where the fix was not printed. */
export type Follow = (told: Told, scene: Scene) => Scene;

/** Pastes everything that was printed to be pasted: commands, and the trust policy. */
export const paste: Follow = ({ log }, scene) => {
  let trust = scene.trust;
  for (const command of commandsOf(log)) trust = carryOut(command, trust);
  for (const document of documentsOf(log)) {
    const role = /role\/(?:.*\/)?([^/]+)$/.exec(scene.inputs['aws-role-arn'] ?? '')?.[1];
    if (role !== undefined && typeof document === 'object' && document !== null && 'Statement' in document)
      trust = { ...trust, aws: addStatements(trust.aws, role, document as never) };
  }
  if (trust === scene.trust) throw new Error(`nothing was printed to paste:\n${log.join('\n')}`);
  return { ...scene, trust };
};

/** Follows one printed sentence: `pattern` must be in the log, and `act` does what it says with what it names. */
export function obey(pattern: RegExp, act: (scene: Scene, ...named: string[]) => Scene): Follow {
  return ({ log }, scene) => {
    for (const line of log) {
      const match = pattern.exec(line);
      if (match) return act(scene, ...match.slice(1).map((part) => part ?? ''));
    }
    throw new Error(`no printed line matches ${pattern}:\n${log.join('\n')}`);
  };
}

/** Sets an input to what the sentence names; an empty value takes it out. */
export function setInput(scene: Scene, name: string, value: string): Scene {
  const { [name]: _, ...others } = scene.inputs;
  return { ...scene, inputs: value === '' ? others : { ...others, [name]: value } };
}

/** Runs the job again, later: what lagged has arrived, what was down is up. */
export function again(pattern: RegExp = /Run the job again/, then: (scene: Scene) => Scene = quiet): Follow {
  return obey(pattern, (scene) => then(scene));
}

/** Without the recorded answers: the condition has passed or was mended by those who can. */
export function quiet(scene: Scene): Scene {
  return { ...scene, recorded: [] };
}

/** One fix after another. */
export function both(...fixes: readonly Follow[]): Follow {
  return (told, scene) => fixes.reduce((at, fix) => fix(told, at), scene);
}
