// What the rows of this folder are made of: the right scene, and changes of it.
import type { ExactCredential, Tenant, WorkloadIdentity } from '../../../sandbox/azure/trust.ts';
import { json } from '../../../sandbox/service.ts';
import { obey, paste, quiet, setInput } from '../../follow.ts';
import { INPUTS, type Scene, scene } from '../../scene.ts';

export const MAIN = 'repo:octo-org/octo-repo:ref:refs/heads/main';
export const ISSUER = 'https://token.actions.githubusercontent.com';
export const GHES = 'https://github.example.com/_services/token';
export const SECONDS = Math.floor(Date.now() / 1000);

export const right = scene(INPUTS.azure);

export function tenant(change: Partial<Tenant>, base: Scene = right): Scene {
  const tenants = base.trust.azure.tenants.map((one) => ({ ...one, ...change }));
  return { ...base, trust: { ...base.trust, azure: { tenants } } };
}
export function identity(change: Partial<WorkloadIdentity>, base: Scene = right): Scene {
  return tenant(
    { identities: base.trust.azure.tenants.flatMap((one) => one.identities).map((one) => ({ ...one, ...change })) },
    base,
  );
}
export function credential(change: Partial<ExactCredential>, base: Scene = right): Scene {
  const usual: ExactCredential = {
    name: 'github',
    issuer: ISSUER,
    subject: MAIN,
    audiences: ['api://AzureADTokenExchange'],
  };
  return identity({ federatedCredentials: [{ ...usual, ...change }] }, base);
}
export function job(change: Partial<Scene['job']>, base: Scene = right): Scene {
  return { ...base, job: { ...base.job, ...change } };
}
export function input(name: string, value: string, base: Scene = right): Scene {
  return setInput(base, name, value);
}
/** Entra's answer as it was recorded; the numbers and texts are its own. */
export function says(code: number, text: string, error = 'invalid_client', status = 401): Scene {
  const description = `AADSTS${code}: ${text} Trace ID: 5f2d1c1e-0000-4000-8000-000000000000 Correlation ID: 7b0c3f8a-0000-4000-8000-000000000000 Timestamp: 2026-11-20 10:00:00Z`;
  const answer = json(status, { error, error_description: description, error_codes: [code] });
  return { ...right, recorded: [{ service: 'azure', operation: 'token', answer }] };
}

export const subject = { id: 'azure/subject-refused', played: 'trust document', fix: paste } as const;
export const mended = (pattern: RegExp) => obey(pattern, quiet);
