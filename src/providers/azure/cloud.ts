// The clouds of Microsoft Entra: who signs in where, and what the tokens are for (facts: azure 1.2).

export const AZURE_CLOUDS = ['public', 'usgovernment', 'china'] as const;
export type AzureCloud = (typeof AZURE_CLOUDS)[number];

export interface AzureCloudFacts {
  readonly authority: string;
  readonly scope: string;
  readonly audience: string;
  /** As the Azure CLI names it. */
  readonly cliName: string;
}

export const CLOUD_FACTS: Readonly<Record<AzureCloud, AzureCloudFacts>> = {
  public: {
    authority: 'https://login.microsoftonline.com',
    scope: 'https://management.azure.com/.default',
    audience: 'api://AzureADTokenExchange',
    cliName: 'AzureCloud',
  },
  usgovernment: {
    authority: 'https://login.microsoftonline.us',
    scope: 'https://management.usgovcloudapi.net/.default',
    audience: 'api://AzureADTokenExchangeUSGov',
    cliName: 'AzureUSGovernment',
  },
  china: {
    authority: 'https://login.partner.microsoftonline.cn',
    scope: 'https://management.chinacloudapi.cn/.default',
    audience: 'api://AzureADTokenExchangeChina',
    cliName: 'AzureChinaCloud',
  },
};
