// What the rows of this folder are made of: the right scene, and changes of it.
import { json, type Reply } from '../../../sandbox/service.ts';
import type { JwtConfig, JwtMount, JwtRole, VaultServer } from '../../../sandbox/vault/trust.ts';
import { paste, setInput } from '../../follow.ts';
import { INPUTS, type Scene, scene } from '../../scene.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const MAIN = 'repo:octo-org/octo-repo:ref:refs/heads/main';
export const SECONDS = Math.floor(Date.now() / 1000);

export const right = scene(INPUTS.vault);

export function server(change: (server: VaultServer) => Partial<VaultServer>, base: Scene = right): Scene {
  const servers = base.trust.vault.servers.map((one) => ({ ...one, ...change(one) }));
  return { ...base, trust: { ...base.trust, vault: { servers } } };
}
export function mount(change: Partial<JwtMount>, base: Scene = right): Scene {
  return server(({ auth }) => ({ auth: { ...auth, jwt: { ...(auth.jwt as JwtMount), ...change } } }), base);
}
export function config(change: Partial<JwtConfig>, base: Scene = right): Scene {
  return mount({ config: { oidc_discovery_url: ISSUER, bound_issuer: ISSUER, ...change } }, base);
}
/** The default role with some of its fields; `undefined` takes one out. */
export function role(change: { readonly [K in keyof JwtRole]?: JwtRole[K] | undefined }, base: Scene = right): Scene {
  const usual = base.trust.vault.servers[0]?.auth.jwt?.roles.ci as JwtRole;
  const fields = Object.entries({ ...usual, ...change }).filter(([, value]) => value !== undefined);
  return mount({ roles: { ci: Object.fromEntries(fields) as unknown as JwtRole } }, base);
}
export function policies(ci: string, base: Scene = right): Scene {
  return server(() => ({ policies: { ci } }), base);
}
export function job(change: Partial<Scene['job']>, base: Scene = right): Scene {
  return { ...base, job: { ...base.job, ...change } };
}
export function input(name: string, value: string, base: Scene = right): Scene {
  return setInput(base, name, value);
}
export function reads(lines: string, base: Scene = right): Scene {
  return input('vault-secrets', lines, base);
}
export function says(operation: string, answer: Reply): Scene {
  return { ...right, recorded: [{ service: 'vault', operation, answer }] };
}
export const errors = (status: number, ...texts: readonly string[]) => json(status, { errors: texts });
export const asItWas = (at: Scene): Scene => ({ ...at, trust: right.trust, recorded: [] });
export const rightly = (at: Scene, named = '') =>
  setInput(at, named, INPUTS.vault[named as keyof typeof INPUTS.vault] ?? '');
export const LOGIN = 'auth/jwt/login';

export const claims = { id: 'vault/claims-refused', played: 'trust document', fix: paste } as const;
export function rightlyRead(at: Scene): Scene {
  return rightly(at, 'vault-secrets');
}
export function mountWithoutConfig(): Scene {
  return server(({ auth }) => {
    const { config: _, ...rest } = auth.jwt as JwtMount;
    return { auth: { jwt: rest } };
  });
}
export function inNamespace(): Scene {
  return server(({ auth, secrets, policies: own }) => ({
    auth: {},
    secrets: {},
    policies: {},
    namespaces: { team: { auth, secrets, policies: own } },
  }));
}
export function childSecrets(): Scene {
  return server(({ secrets }) => ({
    secrets: {},
    namespaces: { team: { auth: {}, secrets, policies: {} } },
    policies: { ci: 'path "team/secret/data/*" { capabilities = ["read"] }' },
  }));
}
export function hcp(): Scene {
  const origin = 'https://octo.vault.11111111-1111-4111-8111-111111111111.aws.hashicorp.cloud:8200';
  const at = server(({ auth, secrets, policies: own }) => ({
    origin,
    auth: {},
    secrets: {},
    policies: {},
    namespaces: { admin: { auth, secrets, policies: own } },
  }));
  return { ...at, inputs: { ...INPUTS.vault, 'vault-url': origin, 'vault-audience': 'https://vault.example.com' } };
}
