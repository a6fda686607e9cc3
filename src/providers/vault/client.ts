// The only file that knows Vault's wire: plain calls over the transport, since there is no SDK that knows leases (facts: vault 1, 9).
import { type Answer, jsonBody, type Request, type Send } from '../../core/http.ts';
import type { Secret } from '../../core/secret.ts';

/** Where a call goes, and as whom. */
export interface VaultCall {
  readonly url: string;
  readonly namespace?: string;
  readonly token?: Secret;
  /** Told where a standby sends us. */
  readonly say: (line: string) => void;
}

const READ_MS = 30_000;
/** The server may itself wait up to 80 s for a cloud before it has a credential (facts: vault 1.1). */
const MINT_MS = 95_000;

export function login(
  call: VaultCall,
  mount: string,
  role: string | undefined,
  jwt: Secret,
  send: Send,
): Promise<Answer> {
  return ask(call, 'POST', `auth/${mount}/login`, send, {
    body: { jwt: jwt.reveal(), ...(role && { role }) },
    timeoutMs: READ_MS,
  });
}

/** Reads a path; `mints`: the answer may take as long as a cloud needs to make a credential. */
export function read(
  call: VaultCall,
  path: string,
  version: number | undefined,
  mints: boolean,
  send: Send,
): Promise<Answer> {
  const query = version === undefined ? '' : `?version=${version}`;
  return ask(call, 'GET', path, send, { query, timeoutMs: mints ? MINT_MS : READ_MS });
}

/** Which engine is mounted where a path leads (`sys/internal/ui/mounts`): any token with some access below the mount may ask. */
export function mountOf(call: VaultCall, path: string, send: Send): Promise<Answer> {
  return ask(call, 'GET', `sys/internal/ui/mounts/${path}`, send, { timeoutMs: READ_MS });
}

/** The id goes into the body: in the URL it needs another policy, and lands in logs. */
export function revokeLease(
  call: VaultCall,
  leaseId: string,
  sync: boolean,
  timeoutMs: number,
  send: Send,
): Promise<Answer> {
  return ask(call, 'POST', 'sys/leases/revoke', send, { body: { lease_id: leaseId, sync }, timeoutMs });
}

/** `seconds` from now; the server may give less. */
export function renewSelf(call: VaultCall, seconds: number, send: Send): Promise<Answer> {
  return ask(call, 'POST', 'auth/token/renew-self', send, {
    body: { increment: `${seconds}s` },
    timeoutMs: READ_MS,
  });
}

export function renewLease(call: VaultCall, leaseId: string, seconds: number, send: Send): Promise<Answer> {
  return ask(call, 'POST', 'sys/leases/renew', send, {
    body: { lease_id: leaseId, increment: seconds },
    timeoutMs: READ_MS,
  });
}

export function revokeSelf(call: VaultCall, timeoutMs: number, send: Send): Promise<Answer> {
  return ask(call, 'POST', 'auth/token/revoke-self', send, { timeoutMs });
}

interface Options {
  readonly body?: object;
  readonly query?: string;
  readonly timeoutMs: number;
}

async function ask(
  call: VaultCall,
  method: 'GET' | 'POST',
  path: string,
  send: Send,
  options: Options,
): Promise<Answer> {
  const headers: Record<string, string> = { 'x-vault-request': 'true', 'user-agent': 'workload-identity' };
  if (call.token) headers['x-vault-token'] = call.token.reveal();
  if (call.namespace) headers['x-vault-namespace'] = call.namespace;
  if (options.body) headers['content-type'] = 'application/json';
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const request: Request = {
    method,
    url: `${call.url}/v1/${encoded}${options.query ?? ''}`,
    headers,
    timeoutMs: options.timeoutMs,
    ...(options.body && { body: JSON.stringify(options.body) }),
  };
  const answer = await send(request);
  const active = answer.status === 307 ? redirect(answer, request.url) : undefined;
  if (!active) return answer;
  call.say(`Vault at ${new URL(call.url).host} is a standby and sends its clients to ${new URL(active).host}.`);
  return send({ ...request, url: active });
}

/** Where a standby sends its clients: followed once, to https only (INVARIANTS 6). */
function redirect(answer: Answer, from: string): string | undefined {
  const location = answer.headers.location;
  if (!location || !URL.canParse(location, from)) return undefined;
  const to = new URL(location, from);
  return to.protocol === 'https:' && !to.username && !to.password ? to.href : undefined;
}

/** The texts of an error answer, joined. Empty where the body is no answer of Vault's. */
export function errorsOf(answer: Answer): string {
  const errors = jsonBody(answer.body)?.errors;
  return Array.isArray(errors) ? errors.filter((e) => typeof e === 'string').join('; ') : '';
}
