// Azure: a tenant's configuration is public; what it knows of an application is not (facts: azure 2, 9).
import type { Answer, Send } from '../../core/http.ts';
import { asked, type Finding } from '../../core/probe.ts';
import { codesOf } from './refusal.ts';
import type { AzureRequest } from './request.ts';

/** There is no such tenant; or the name is none. */
const NO_TENANT: readonly number[] = [90002, 900023];

/** Whether the tenant is there, in this cloud. */
export async function probe(request: AzureRequest, send: Send): Promise<readonly Finding[]> {
  const { authority, tenantId, clientId, cloud } = request;
  const url = `${authority}/${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`;
  const tenant = await asked(
    send,
    { method: 'GET', url },
    { what: 'tenant', named: `the tenant ${tenantId} (${cloud} cloud)` },
    judged,
  );
  return [
    tenant,
    {
      what: 'application',
      named: `the application ${clientId}`,
      answer: 'unknown',
      why: 'Entra tells nobody of it but who signs in; az ad app show (or az identity list) does, as an administrator',
    },
    {
      what: 'federated-credential',
      named: `its federated credential`,
      answer: 'unknown',
      why: 'only an exchange tells; az ad app federated-credential list does, as an administrator',
    },
  ];
}

function judged(answer: Answer): Omit<Finding, 'what' | 'named'> {
  if (answer.status === 200) return { answer: 'yes', why: 'its configuration is published' };
  const code = codesOf(answer).find((one) => NO_TENANT.includes(one)) ?? numberIn(answer.body);
  if (code !== undefined) return { answer: 'no', why: `Entra does not know it (AADSTS${code})` };
  return { answer: 'unknown', why: `Entra answers ${answer.status} without saying why` };
}

/** Here the number stands in the text at times, and nowhere else. */
function numberIn(body: string): number | undefined {
  return NO_TENANT.find((code) => new RegExp(`AADSTS${code}\\b`).test(body));
}
