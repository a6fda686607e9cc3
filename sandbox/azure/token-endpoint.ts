// `POST /{tenant}/oauth2/v2.0/token`: an identity token in, an access token out, everything checked on the way (facts: azure 1.1).
import { type Call, json, type Reply } from '../service.ts';
import type { AccessTokens } from './access-tokens.ts';
import { judge } from './assertion.ts';
import type { Cloud } from './clouds.ts';
import type { AzureContext } from './context.ts';
import { findIdentity, findTenant, isRefusal, resourceOf, unknownResource } from './directory.ts';
import { entraHeaders, missing, type Refusal, refused, traceOf } from './refusal.ts';
import type { Tenant, WorkloadIdentity } from './trust.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** What was asked for, once form and client are in order. */
interface TokenRequest {
  readonly tenant: Tenant;
  readonly identity: WorkloadIdentity;
  readonly resource: string;
  readonly assertion: string;
}

/** The token, or the refusal of the first thing that is wrong; only a token enters the ledger. */
export async function answerTokenRequest(
  call: Call,
  tenantName: string,
  cloud: Cloud,
  context: AzureContext,
  tokens: AccessTokens,
): Promise<Reply> {
  const form = formOf(call);
  const correlationId = call.headers['client-request-id'] ?? form.get('client-request-id') ?? undefined;
  const trace = traceOf(correlationId, context.clock.now());
  const request = read(call, form, tenantName, cloud, context);
  if (isRefusal(request)) return refused(request, trace, cloud.authorityHost);
  const { tenant, identity, resource, assertion } = request;
  const refusal =
    judge(assertion, identity, context.issuer, context.clock.now()) ?? unknownResource(cloud, tenant, resource);
  if (refusal) return refused(refusal, trace, cloud.authorityHost);
  const { jwt, expiresIn } = await tokens.issue(tenant, identity, resource);
  const body = { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: jwt };
  return json(200, body, entraHeaders(trace));
}

/** A body of another type is no form: Entra then misses the first parameter. */
function formOf(call: Call): URLSearchParams {
  const type = call.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return new URLSearchParams(type === 'application/x-www-form-urlencoded' ? call.body : '');
}

function read(
  call: Call,
  form: URLSearchParams,
  tenantName: string,
  cloud: Cloud,
  context: AzureContext,
): TokenRequest | Refusal {
  if (call.method !== 'POST') {
    const text = `The endpoint only accepts POST requests. Received a ${call.method} request.`;
    return { code: 900561, error: 'invalid_request', text };
  }
  const tenant = findTenant(context.trust(), cloud, tenantName);
  if (isRefusal(tenant)) return tenant;
  const malformed = formRefusal(form);
  if (malformed) return malformed;
  const resource = resourceOf(form.get('scope') ?? '');
  if (isRefusal(resource)) return resource;
  const identity = findIdentity(tenant, form.get('client_id') ?? '');
  if (isRefusal(identity)) return identity;
  const unproven = proofRefusal(form, identity.clientId);
  return unproven ?? { tenant, identity, ...resource, assertion: form.get('client_assertion') ?? '' };
}

function formRefusal(form: URLSearchParams): Refusal | undefined {
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (repeated !== undefined) {
    const text = `The request is not properly formatted. The parameter '${repeated}' is duplicated.`;
    return { code: 9000411, error: 'invalid_request', text };
  }
  const grant = form.get('grant_type');
  if (!grant) return missing('grant_type');
  if (grant !== 'client_credentials') {
    const text = `The app requested an unsupported grant type '${grant}'.`;
    return { code: 70003, error: 'unsupported_grant_type', text };
  }
  const absent = ['client_id', 'scope'].find((name) => !form.get(name));
  return absent === undefined ? undefined : missing(absent);
}

/** What the client proves itself with must be an assertion: no identity here has a secret. */
function proofRefusal(form: URLSearchParams, clientId: string): Refusal | undefined {
  if (form.get('client_assertion')) {
    if (!form.get('client_assertion_type')) return missing('client_assertion_type');
    if (form.get('client_assertion_type') === JWT_BEARER) return undefined;
    return { code: 90023, error: 'invalid_request', text: 'Invalid STS request.' };
  }
  if (form.get('client_secret')) {
    const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`;
    return { code: 7000215, error: 'invalid_client', text };
  }
  if (form.get('client_assertion_type')) return missing('client_assertion');
  const text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
  return { code: 7000216, error: 'invalid_client', text };
}
