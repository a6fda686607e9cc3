// A trust document is checked before it is believed: a wrong one is the test's mistake, not the server's answer.
import { rulesOf } from './access.ts';
import { exists } from './engines/index.ts';
import type { VaultNamespace, VaultServer, VaultTrust } from './trust.ts';

/** Throws with the server and the place of the first thing that no administrator could have written. */
export function checkTrust(trust: VaultTrust): void {
  for (const server of trust.servers) {
    const { origin } = new URL(server.origin);
    if (origin !== server.origin) throw new Error(`Vault trust: "${server.origin}" is not an origin; write ${origin}`);
    checkNamespace(server, server, server.origin);
    for (const [name, namespace] of Object.entries(server.namespaces ?? {}))
      checkNamespace(namespace, server, `${server.origin} ${name}`);
  }
}

function checkNamespace(namespace: VaultNamespace, server: VaultServer, where: string): void {
  for (const name of Object.keys(namespace.policies)) rulesOf(namespace.policies, name);
  for (const [path, mount] of Object.entries(namespace.secrets)) {
    if (
      /^\/|\/$|^(sys|auth|cubbyhole|identity)(\/|$)/.test(path) &&
      !(path === 'identity' && mount.type === 'identity')
    )
      throw new Error(`Vault trust, ${where}: "${path}" cannot be a mount`);
    if (!exists(mount.type, server.flavour))
      throw new Error(`Vault trust, ${where}: ${server.flavour} has no ${mount.type} engine (mount "${path}")`);
  }
  for (const [path, mount] of Object.entries(namespace.auth)) {
    for (const [name, role] of Object.entries(mount.roles)) {
      const bound =
        role.bound_audiences?.length || role.bound_subject || role.bound_claims || role.token_bound_cidrs?.length;
      if (!bound)
        throw new Error(`Vault trust, ${where}: auth/${path}/role/${name} must have at least one bound constraint`);
    }
  }
}
