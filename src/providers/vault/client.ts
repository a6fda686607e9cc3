// The only file that knows Vault's wire: plain calls over the transport, since there is no SDK that knows leases (facts: vault 1, 9).
import { type Answer, jsonBody, type Request, type Send } from '../../core/http.ts';
import type { Job } from '../../core/provider.ts';
import type { Secret } from '../../core/secret.ts';
import { headersOf, type VaultConnection } from './connection.ts';

/** Where a call goes, and as whom. */
export interface VaultCall {
  readonly url: string;
  /** What the user gave for this host alone. */
  readonly connection?: VaultConnection | undefined;
  /** Who asks: the run, for the server's logs. */
  readonly agent: string;
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

/** Writes a JSON object, as its text is, to a path. */
export function write(call: VaultCall, path: string, text: string, mints: boolean, send: Send): Promise<Answer> {
  return ask(call, 'POST', path, send, { text, timeoutMs: mints ? MINT_MS : READ_MS });
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

/** `onSent`: called once the request is out, for a caller that does not wait for the answer. */
export function revokeSelf(call: VaultCall, timeoutMs: number, send: Send, onSent?: () => void): Promise<Answer> {
  return ask(call, 'POST', 'auth/token/revoke-self', send, { timeoutMs, ...(onSent && { onSent }) });
}

/** Revokes a certificate by its serial number, where its engine kept it. */
export function revokeCertificate(
  call: VaultCall,
  mount: string,
  serial: string,
  timeoutMs: number,
  send: Send,
): Promise<Answer> {
  return ask(call, 'POST', `${mount}/revoke`, send, { body: { serial_number: serial }, timeoutMs });
}

/** What the token may do on each path, in the namespace of the call: its own, since that is where its policies are. */
export function capabilities(call: VaultCall, paths: readonly string[], send: Send): Promise<Answer> {
  return ask(call, 'POST', 'sys/capabilities-self', send, { body: { paths }, timeoutMs: READ_MS });
}

interface Options {
  readonly body?: object;
  /** A body that is JSON already. */
  readonly text?: string;
  readonly query?: string;
  readonly timeoutMs: number;
  readonly onSent?: () => void;
}

async function ask(
  call: VaultCall,
  method: 'GET' | 'POST',
  path: string,
  send: Send,
  options: Options,
): Promise<Answer> {
  const headers: Record<string, string> = { 'x-vault-request': 'true', 'user-agent': call.agent };
  if (call.token) headers['x-vault-token'] = call.token.reveal();
  if (call.namespace) headers['x-vault-namespace'] = call.namespace;
  const body = options.text ?? (options.body && JSON.stringify(options.body));
  if (body !== undefined) headers['content-type'] = 'application/json';
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const request: Request = {
    method,
    url: `${call.url}/v1/${encoded}${options.query ?? ''}`,
    headers: { ...headers, ...headersOf(call.connection) },
    timeoutMs: options.timeoutMs,
    ...(body !== undefined && { body }),
    ...(options.onSent && { onSent: options.onSent }),
  };
  const answer = await send(request);
  const active = answer.status === 307 ? redirect(answer, request.url) : undefined;
  if (!active) return answer;
  const { host } = new URL(call.url);
  const same = new URL(active).host === host;
  call.say(`Vault at ${host} is a standby and sends its clients to ${new URL(active).host}.${same ? '' : stays(call)}`);
  return send({ ...request, url: active, ...(!same && { headers, judgedLike: host }) });
}

/**
 * What was given for one host is not shown to another, whoever names it: no further headers, no client certificate, and its certificate is
 * always checked. Its authorities alone count there too, since they narrow whom we trust.
 */
function stays({ connection: { tls, headerText } = {} }: VaultCall): string {
  const kept = [
    ...(headerText ? ['vault-headers'] : []),
    ...(tls?.certificate ? ['vault-client-certificate'] : []),
    ...(tls?.skipVerify ? ['vault-tls-skip-verify'] : []),
  ];
  return kept.length > 0 ? ` ${kept.join(', ')}: for the host of vault-url alone.` : '';
}

/** A writer that says the same line once: each request of an exchange may meet the same standby. */
export function onceEach(say: (line: string) => void): (line: string) => void {
  const known = new Set<string>();
  return (line) => {
    if (!known.has(line)) say(line);
    known.add(line);
  };
}

/** The User-Agent of every call: `workload-identity (octo-org/octo-repo; run 42, attempt 1)`. */
export function agentOf({ repository, runId, runAttempt }: Job): string {
  const run = runId && `run ${runId}${runAttempt ? `, attempt ${runAttempt}` : ''}`;
  const known = [repository, run].filter((part) => part && /^[\w ,./-]{1,200}$/.test(part));
  return known.length > 0 ? `workload-identity (${known.join('; ')})` : 'workload-identity';
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
