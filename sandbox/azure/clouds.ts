// The clouds of Microsoft Entra and Azure: which hosts play what, and which resources every tenant of a cloud knows.

export type CloudName = 'public' | 'usgovernment' | 'china';

export interface Cloud {
  readonly name: CloudName;
  readonly authorityHost: string;
  readonly managementHost: string;
  /** What the resource manager takes as `aud`, in the order in which its refusals list them. */
  readonly managementAudiences: readonly string[];
  /** Key vaults are `<name>.<vaultDomain>`; the domain is also their resource. */
  readonly vaultDomain: string;
  readonly graphHost: string;
  /** Further resources that a scope may name. */
  readonly resources: readonly string[];
  /** For the discovery document. */
  readonly tenantRegion: string;
}

/** The resource manager's own application id: a scope may name it in place of the URI. */
export const MANAGEMENT_APP_ID = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

export const CLOUDS: readonly Cloud[] = [
  {
    name: 'public',
    authorityHost: 'login.microsoftonline.com',
    managementHost: 'management.azure.com',
    managementAudiences: audiences('management.core.windows.net', 'management.azure.com'),
    vaultDomain: 'vault.azure.net',
    graphHost: 'graph.microsoft.com',
    resources: ['https://storage.azure.com', 'https://database.windows.net', 'https://graph.windows.net'],
    tenantRegion: 'EU',
  },
  {
    name: 'usgovernment',
    authorityHost: 'login.microsoftonline.us',
    managementHost: 'management.usgovcloudapi.net',
    managementAudiences: audiences('management.core.usgovcloudapi.net', 'management.usgovcloudapi.net'),
    vaultDomain: 'vault.usgovcloudapi.net',
    graphHost: 'graph.microsoft.us',
    resources: ['https://storage.azure.com', 'https://database.usgovcloudapi.net'],
    tenantRegion: 'USGov',
  },
  {
    name: 'china',
    authorityHost: 'login.partner.microsoftonline.cn',
    managementHost: 'management.chinacloudapi.cn',
    managementAudiences: audiences('management.core.chinacloudapi.cn', 'management.chinacloudapi.cn'),
    vaultDomain: 'vault.azure.cn',
    graphHost: 'microsoftgraph.chinacloudapi.cn',
    resources: ['https://storage.azure.com', 'https://database.chinacloudapi.cn'],
    tenantRegion: 'AS',
  },
];

/** Whether a scope of this cloud may name `resource`. The resource manager and vaults are taken with and without a final slash. */
export function knowsResource(cloud: Cloud, resource: string): boolean {
  const bare = resource.replace(/\/$/, '');
  const uris = [`https://${cloud.vaultDomain}`, `https://${cloud.graphHost}`, ...cloud.resources];
  return (
    cloud.managementAudiences.includes(resource) || uris.includes(bare) || resource.toLowerCase() === MANAGEMENT_APP_ID
  );
}

function audiences(...hosts: readonly string[]): string[] {
  return hosts.flatMap((host) => [`https://${host}/`, `https://${host}`]);
}
