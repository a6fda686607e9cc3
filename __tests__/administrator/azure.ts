// An administrator of Entra: takes what `trust.ts` wrote, in each of its forms, and gives a workload identity its federated credential.
import { azureService } from '../../sandbox/azure/service.ts';
import { type AzureTrust, defaultAzureTrust, type FederatedCredential } from '../../sandbox/azure/trust.ts';
import type { Claims } from '../../src/core/claims.ts';
import type { Documents } from '../../src/core/documents.ts';
import { issuer, mint, newContext, postForm } from '../sandbox/test-issuer.ts';
import { command, taken } from './command.ts';
import { configuration, members } from './terraform.ts';

export const TENANT = '22222222-2222-4222-8222-222222222222';
export const CLIENT = '11111111-1111-4111-8111-111111111111';

function directory(...federatedCredentials: FederatedCredential[]): AzureTrust {
  return {
    tenants: defaultAzureTrust.tenants.map((tenant) => ({
      ...tenant,
      identities: tenant.identities.map((identity) => ({ ...identity, federatedCredentials })),
    })),
  };
}

/** The command that begins so. Throws where there is none. */
function called(documents: Documents, beginning: string) {
  const line = documents.snippets
    .flatMap((s) => (s.language === 'sh' ? s.lines : []))
    .find((l) => l.startsWith(beginning));
  if (line === undefined) throw new Error(`no command begins with ${beginning}`);
  return command('az', [line.replace('"$APP_ID"', 'made').replace('$APP_ID', 'made')]);
}

/** The portal: what the JSON says is typed in. */
export function byPortal(documents: Documents): AzureTrust {
  const lines = documents.snippets.find((s) => s.language === 'json')?.lines ?? [];
  return directory(checked(JSON.parse(lines.join('\n'))));
}

export function byCommand(documents: Documents): AzureTrust {
  const { parameters = '' } = taken(called(documents, 'az ad app federated-credential create'), 'id', 'parameters');
  return directory(checked(JSON.parse(parameters)));
}

export function byIdentityCommand(documents: Documents): AzureTrust {
  const flags = taken(
    called(documents, 'az identity federated-credential create'),
    ...['name', 'identity-name', 'resource-group', 'issuer', 'subject', 'audiences'],
  );
  const { name, issuer, subject, audiences } = flags;
  return directory(checked({ name, issuer, subject, audiences: [audiences] }));
}

/** By Graph's beta, which alone knows flexible credentials. */
export function byGraph(documents: Documents): AzureTrust {
  const call = called(documents, 'az rest');
  const { method, url, body = '' } = taken(call, 'method', 'url', 'body');
  expect([call.words, method]).toEqual([['rest'], 'post']);
  expect(url).toMatch(
    /^https:\/\/graph\.microsoft\.com\/beta\/applications\(appId='[\w-]+'\)\/federatedIdentityCredentials$/,
  );
  return directory(checked(JSON.parse(body)));
}

type Hcl = Record<string, string> & { audiences: string[] };
const terraform = async (documents: Documents, title: RegExp) =>
  configuration(documents.snippets.find((s) => s.language === 'hcl' && title.test(s.title))?.lines ?? []);

export async function byTerraform(documents: Documents): Promise<AzureTrust> {
  const file = await terraform(documents, /for an app registration/);
  const found = file.only('azuread_application_federated_identity_credential');
  const names = ['application_id', 'display_name', 'issuer', 'subject', 'audiences'];
  const { display_name: name, issuer, subject, audiences } = members<Hcl>(found, ...names);
  return directory(checked({ name, issuer, subject, audiences }));
}

export async function byIdentityTerraform(documents: Documents): Promise<AzureTrust> {
  const file = await terraform(documents, /managed identity/);
  const found = file.only('azurerm_federated_identity_credential');
  const names = ['name', 'resource_group_name', 'parent_id', 'issuer', 'subject', 'audience'];
  const { name, issuer, subject, audience: audiences } = members<Hcl>(found, ...names);
  return directory(checked({ name, issuer, subject, audiences }));
}

export async function byFlexibleTerraform(documents: Documents): Promise<AzureTrust> {
  const file = await terraform(documents, /flexible/);
  const found = file.only('azuread_application_flexible_federated_identity_credential');
  const names = ['application_id', 'display_name', 'issuer', 'audience', 'claims_matching_expression'];
  const { display_name: name, issuer, audience, claims_matching_expression: value } = members<Hcl>(found, ...names);
  const claimsMatchingExpression = { value, languageVersion: 1 };
  return directory(checked({ name, issuer, audiences: [audience], claimsMatchingExpression }));
}

/** What Entra checks when a credential is written (facts: azure 8.1). */
function checked(credential: Record<string, unknown>): FederatedCredential {
  const { name, issuer, audiences, subject, claimsMatchingExpression, ...more } = credential;
  expect(more).toEqual({});
  expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/);
  expect(issuer).toMatch(/^https:\/\/\S*[^\s/]$/);
  expect(audiences).toEqual([expect.any(String)]);
  expect(subject === undefined).not.toBe(claimsMatchingExpression === undefined);
  expect(String(subject ?? '').length).toBeLessThanOrEqual(600);
  return credential as unknown as FederatedCredential;
}

/** Whether the service lets a token with these claims in. */
export async function accepts(trust: AzureTrust, claims: Claims): Promise<boolean> {
  const context = newContext();
  const service = azureService({ ...context, issuer: { ...issuer, url: String(claims.iss) }, trust: () => trust });
  const reply = await service.answer(
    postForm(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`, {
      client_id: CLIENT,
      scope: 'https://management.azure.com/.default',
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: mint(context.clock, claims),
    }),
  );
  return reply.status === 200;
}
