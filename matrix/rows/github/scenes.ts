// What the rows of this folder are made of: the right scene, and changes of it.
import { parse } from 'yaml';
import { type Follow, obey } from '../../follow.ts';
import { INPUTS, type Permissions, type Scene, scene } from '../../scene.ts';

export const right = scene(INPUTS.aws);
export const MINTING = 'idtoken';

export function permitted(permissions: Scene['permissions'], change: Partial<Scene> = {}): Scene {
  return { ...right, ...change, permissions };
}
export function github(answer: Scene['recorded'][number]['answer'], times?: number): Scene {
  return {
    ...right,
    recorded: [{ service: 'github', operation: MINTING, answer, ...(times !== undefined && { times }) }],
  };
}
export function network(service: string, operation: string, fault: string, change: Partial<Scene> = {}): Scene {
  return { ...right, ...change, recorded: [{ service, operation, answer: { fault } }] };
}

/** Puts the printed `permissions:` into the job, where it counts. */
export const grant: Follow = obey(/^- Give the job `(permissions: \{.*\})`/, (at, yaml) => {
  const { permissions } = parse(yaml ?? '') as { permissions: Permissions };
  return { ...at, permissions: { ...at.permissions, job: permissions } };
});
/** After the merge the same workflow runs on push. */
export const afterMerge = obey(/Federate after the merge \(on push\)/, (at) => ({
  ...at,
  event: { name: 'push', payload: {} },
  job: { ...right.job },
}));

export const missing = { id: 'identity/permission-missing', played: 'workflow', fix: grant } as const;
export const unreachable = { id: 'identity/unreachable', played: 'network' } as const;
/** A pull request has a subject of its own; here it is trusted, so that the permission alone is what was wrong. */
export function pullRequestTrust(at: Scene): Scene['trust'] {
  const text = JSON.stringify(at.trust.aws).replaceAll('ref:refs/heads/main', 'pull_request');
  return { ...at.trust, aws: JSON.parse(text) };
}
