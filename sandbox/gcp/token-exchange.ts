// Security Token Service: `POST sts.googleapis.com/v1/token`, an identity token in, a federated access token out (facts: gcp 1.1).
import { type Call, json, type Reply } from '../service.ts';
import type { AccessTokens } from './access-tokens.ts';
import { type GcpContext, universeOf } from './context.ts';
import { openIdentityToken } from './identity-token.ts';
import { mapped } from './mapping.ts';
import { googleHeaders, oauthRefusal } from './refusal.ts';
import { knownScope } from './scopes.ts';
import type { GcpTrust, Project, Provider } from './trust.ts';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SUBJECT_TYPES = ['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token'];
/** Seconds. */
const LONGEST_LIFETIME = 3599;

/** A federated access token that ends with its identity token, or the refusal of the first thing that is wrong. */
export function exchangeToken(call: Call, context: GcpContext, tokens: AccessTokens): Reply {
  const fields = fieldsOf(call);
  if (!fields) return oauthRefusal('invalid_request', 'Invalid JSON payload received.');
  const malformed = formFault(fields);
  if (malformed) return malformed;
  const trust = context.trust();
  const target = targetOf(fields.get('audience') ?? '', trust);
  if ('status' in target) return target;
  const { project, provider, name } = target;
  const forms = ['https:', ''].map((scheme) => `${scheme}//iam.${universeOf(trust)}/${name}`);
  const now = context.clock.seconds();
  const opened = openIdentityToken(fields.get('subject_token') ?? '', provider, forms, context.issuer, now);
  if ('fault' in opened) return oauthRefusal('invalid_grant', opened.fault);
  const pool = { name: name.replace(/\/providers\/[^/]+$/, ''), projectNumber: project.number };
  const principal = mapped(opened.claims, provider, pool);
  if ('status' in principal) return principal;
  const lifetime = lifetimeOf(Number(opened.claims.exp) - now);
  const scopes = (fields.get('scope') ?? '').split(' ');
  return json(
    200,
    {
      access_token: tokens.issue(principal, scopes, lifetime),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      ...(lifetime > 0 && { expires_in: lifetime }),
    },
    googleHeaders(),
  );
}

/** A federated token ends with its identity token, about two seconds early; one just past its end gets what the skew leaves. */
function lifetimeOf(remaining: number): number {
  return remaining > 0 ? Math.min(remaining - 2, LONGEST_LIFETIME) : -remaining;
}

/** A form with snake_case names, or JSON with camelCase ones; undefined where the JSON is none. */
function fieldsOf(call: Call): Map<string, string> | undefined {
  const type = call.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return new Map(new URLSearchParams(call.body));
  if (type !== 'application/json') return new Map();
  try {
    const body: unknown = JSON.parse(call.body);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return new Map(Object.entries(body).map(([name, value]) => [snake(name), String(value)]));
  } catch {
    return undefined;
  }
}

function formFault(fields: ReadonlyMap<string, string>): Reply | undefined {
  const grant = fields.get('grant_type');
  if (!grant) return required('grant_type');
  if (grant !== TOKEN_EXCHANGE) return oauthRefusal('unsupported_grant_type', `Unsupported grant_type: ${grant}`);
  const absent = ['audience', 'requested_token_type', 'subject_token_type', 'subject_token'].find(
    (f) => !fields.get(f),
  );
  if (absent !== undefined) return required(absent);
  if (fields.get('requested_token_type') !== ACCESS_TOKEN) return invalidValue('requested_token_type');
  if (!SUBJECT_TYPES.includes(fields.get('subject_token_type') ?? '')) return invalidValue('subject_token_type');
  const scopes = (fields.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0) return oauthRefusal('invalid_scope', 'Empty or missing scope not allowed.');
  const unknown = scopes.filter((scope) => !knownScope(scope));
  if (unknown.length === 0) return undefined;
  return oauthRefusal('invalid_scope', `Some requested scopes were invalid. {invalid=[${unknown.join(', ')}]}`);
}

interface Target {
  readonly project: Project;
  readonly provider: Provider;
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly name: string;
}

function targetOf(audience: string, trust: GcpTrust): Target | Reply {
  const [, host, name, number, poolId, providerId] =
    /^\/\/([^/]+)\/(projects\/(\d+)\/locations\/global\/workloadIdentityPools\/([^/]+)\/providers\/([^/]+))$/.exec(
      audience,
    ) ?? [];
  if (name === undefined || host !== `iam.${universeOf(trust)}`) {
    const text =
      'Invalid value for "audience". This value should be the full resource name of the Identity Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats.';
    return oauthRefusal('invalid_request', text);
  }
  const project = trust.projects.find((p) => p.number === number);
  const pool = project?.pools.find((p) => p.id === poolId);
  const provider = pool?.providers.find((p) => p.id === providerId);
  if (project && pool && provider && !pool.disabled && !provider.disabled) return { project, provider, name };
  const text =
    'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.';
  return oauthRefusal('invalid_target', text);
}

function required(field: string): Reply {
  return oauthRefusal('invalid_request', `Missing required parameter: ${field}`);
}

function invalidValue(field: string): Reply {
  return oauthRefusal('invalid_request', `Invalid value for "${field}".`);
}
