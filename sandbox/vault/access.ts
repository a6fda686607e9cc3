// Who may do what: the ACL of a token in its own namespace's policies, and the capability that an operation takes.
import { Acl } from './acl.ts';
import { DEFAULT_POLICY } from './default-policy.ts';
import type { Operation } from './engine.ts';
import { type Capability, type PathRule, parsePolicy } from './policy.ts';
import type { VaultToken } from './tokens.ts';
import type { VaultNamespace, VaultServer } from './trust.ts';

const parsed = new Map<string, readonly PathRule[]>();

/** The rules that a token has now: policies are looked up at each request, so a change counts at once. */
export function aclOf(token: VaultToken, server: VaultServer): Acl {
  const policies = namespaceOf(server, token.namespace)?.policies ?? {};
  return new Acl(
    token.namespace,
    token.policies.map((name) => rulesOf(policies, name)),
  );
}

/** Rules of a policy by name; one that does not exist grants nothing. Throws where its text is not understood. */
export function rulesOf(policies: Readonly<Record<string, string>>, name: string): readonly PathRule[] {
  const text = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (text === undefined) return name === 'default' ? DEFAULT_POLICY : [];
  const known = parsed.get(text) ?? parsePolicy(text);
  parsed.set(text, known);
  return known;
}

/** `namespace` empty for the root, else `team/`. */
export function namespaceOf(server: VaultServer, namespace: string): VaultNamespace | undefined {
  return namespace === '' ? server : server.namespaces?.[namespace.replace(/\/$/, '')];
}

export function capabilityFor(operation: Operation, exists: boolean): Capability {
  return operation === 'write' ? (exists ? 'update' : 'create') : operation;
}
