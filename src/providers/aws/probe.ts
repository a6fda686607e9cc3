// AWS: STS tells nothing of roles and providers to who has no credential, and says the same whether they are there or not (facts: aws 2.2).

import type { Send } from '../../core/http.ts';
import { asked, type Finding } from '../../core/probe.ts';
import { roleName } from './causes.ts';
import type { AwsRequest } from './request.ts';

/** Whether the endpoint answers; the rest cannot be known. */
export async function probe(request: AwsRequest, send: Send): Promise<readonly Finding[]> {
  const host = new URL(request.endpoint).host;
  const endpoint = await asked(
    send,
    { method: 'GET', url: `${request.endpoint}/` },
    { what: 'endpoint', named: `STS at ${host}` },
    ({ status }) =>
      status < 500
        ? { answer: 'yes', why: `it answers (${status})` }
        : { answer: 'no', why: `it answers ${status}, which is a fault of its own or of a proxy` },
  );
  const name = roleName(request);
  return [
    endpoint,
    {
      what: 'role',
      named: `the role ${name} in account ${request.accountId}`,
      answer: 'unknown',
      why: `STS does not tell a role that is missing from one that does not trust the token; with a credential, aws iam get-role --role-name ${name} does`,
    },
    {
      what: 'provider',
      named: `the OIDC provider in account ${request.accountId}`,
      answer: 'unknown',
      why: 'only an exchange tells; with a credential, aws iam list-open-id-connect-providers does',
    },
  ];
}
