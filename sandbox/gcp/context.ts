// What the Google Cloud of the sandbox is built from.
import type { ServiceContext } from '../github/tokens.ts';
import type { GcpTrust, Project, ServiceAccount } from './trust.ts';

/** `trust` is asked at each request: a test may change the document while the world runs. */
export type GcpContext = ServiceContext & { readonly trust: () => GcpTrust };

/** The domain that the hosts and the names of providers end with. */
export function universeOf(trust: GcpTrust): string {
  return trust.universe ?? 'googleapis.com';
}

/** By address or unique id. */
export function findAccount(trust: GcpTrust, name: string): { account: ServiceAccount; project: Project } | undefined {
  for (const project of trust.projects) {
    const account = project.serviceAccounts.find((a) => a.email === name || a.uniqueId === name);
    if (account) return { account, project };
  }
  return undefined;
}

/** By id or number. */
export function findProject(trust: GcpTrust, name: string): Project | undefined {
  return trust.projects.find((p) => p.id === name || p.number === name);
}
