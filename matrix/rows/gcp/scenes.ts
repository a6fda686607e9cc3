// What the rows of this folder are made of: the right scene, and changes of it.
import type { Pool, Project, Provider, ServiceAccount } from '../../../sandbox/gcp/trust.ts';
import { paste, setInput } from '../../follow.ts';
import { INPUTS, type Scene, scene } from '../../scene.ts';

export const GHES = 'https://github.example.com/_services/token';
export const POOL = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github';
export const USER = 'roles/iam.workloadIdentityUser';
export const SECONDS = Math.floor(Date.now() / 1000);
export const NAME = INPUTS.gcp['gcp-workload-identity-provider'];

export const right = scene(INPUTS.gcp);

export function project(change: (project: Project) => Partial<Project>, base: Scene = right): Scene {
  const projects = base.trust.gcp.projects.map((one) => ({ ...one, ...change(one) }));
  return { ...base, trust: { ...base.trust, gcp: { projects } } };
}
export function pool(change: (pool: Pool) => Partial<Pool>, base: Scene = right): Scene {
  return project(({ pools }) => ({ pools: pools.map((one) => ({ ...one, ...change(one) })) }), base);
}
export function provider(change: Partial<Provider>, base: Scene = right): Scene {
  return pool(({ providers }) => ({ providers: providers.map((one) => ({ ...one, ...change })) }), base);
}
export function account(change: Partial<ServiceAccount>, base: Scene = right): Scene {
  return project(
    ({ serviceAccounts }) => ({ serviceAccounts: serviceAccounts.map((one) => ({ ...one, ...change })) }),
    base,
  );
}
export function bound(member: string, base: Scene = right, role = USER): Scene {
  return account({ bindings: [{ role, members: [member] }] }, base);
}
export function condition(attributeCondition: string, base: Scene = right): Scene {
  return provider({ attributeCondition }, base);
}
export function job(change: Partial<Scene['job']>, base: Scene = right): Scene {
  return { ...base, job: { ...base.job, ...change } };
}
export function input(name: string, value: string): Scene {
  return setInput(right, name, value);
}
export const rightly =
  (name: string) =>
  (at: Scene, named = '') =>
    setInput(at, named, INPUTS.gcp[name as keyof typeof INPUTS.gcp]);
export const asItWas = (at: Scene): Scene => ({ ...at, trust: right.trust, recorded: [] });

export const untrue = { id: 'gcp/condition-false', played: 'trust document', fix: paste } as const;
export const denied = { id: 'gcp/impersonation-denied', played: 'trust document', fix: paste } as const;
export const missing = {
  id: 'gcp/provider-not-found',
  played: 'trust document',
  cause: /finds no active provider/,
} as const;
export function longDirect(): Scene {
  const { 'gcp-service-account': _, ...inputs } = INPUTS.gcp;
  return { ...job({ environment: 'x'.repeat(120) }), inputs: { ...inputs, 'gcp-project-id': 'octo-project' } };
}
export function onlyProvider(log: readonly string[], at: Scene) {
  // The binding needs a role that only the user knows; the provider is what was refused.
  return paste({ log: log.filter((line) => !line.includes('--role=ROLE')) } as never, at).trust.gcp;
}
