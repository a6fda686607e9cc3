// What was read, as values for later steps; and how token and leases will end.

import { Failure } from '../../core/failure.ts';
import type { Grant, Keep, PlannedFile, Variable } from '../../core/grant.ts';
import { Secret } from '../../core/secret.ts';
import { iso } from '../../core/time.ts';
import { issued, takesAlong } from './credentials.ts';
import { isSecret } from './engines.ts';
import type { VaultToken } from './exchange.ts';
import { leavesOf } from './leaves.ts';
import type { Outlook } from './outlook.ts';
import { type Picked, pick } from './pick.ts';
import type { Found, Lease } from './read.ts';
import type { VaultRequest } from './request.ts';
import { callOf, placeOf } from './secrets.ts';

/** A picked value; one that an engine's answer holds in the open is not secret. */
interface Chosen extends Picked {
  readonly held: Secret | string;
}

/** What main knows of the end besides what was read. */
interface Prospect {
  readonly outlook: Outlook;
  /** Whether main has asked for the token's end already. */
  readonly asked: boolean;
  readonly warnings: readonly string[];
  /** The token will be renewed: what it holds does not end with its first term. */
  readonly renewed?: boolean;
}

export function granted(
  request: VaultRequest,
  token: VaultToken,
  found: readonly Found[],
  keep: Keep,
  { outlook, asked, warnings, renewed }: Prospect,
): Grant {
  const { chosen, notices } = choose(request, found, keep);
  const values = chosen.filter(({ file }) => file === undefined);
  const unmasked = chosen.filter(({ held }) => held instanceof Secret && !held.maskable).map((c) => c.variable);
  const leases = found.flatMap((f) => (f.lease ? [{ path: f.place, ...f.lease }] : []));
  const { credentials, ends, remarks, warnings: unconfirmed } = issued(request, token, found, outlook, asked);
  return {
    cloud: 'vault',
    credentials,
    variables: [
      ...values.map((c) => ({ name: c.variable, value: c.held, ...(c.wild && { ifAbsent: true as const }) })),
      ...(request.exportToken ? tokenVariables(request, token) : []),
    ],
    outputs: [],
    secretOutputs: [{ name: 'vault-token', value: token.value }, ...once(values)],
    files: [
      ...chosen.filter(({ file }) => file !== undefined).map(plannedFile),
      ...(request.exportToken ? connectionFiles(request) : []),
    ],
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) }),
    remarks: [
      `Vault: role ${request.role ?? "(the mount's default)"} at ${request.url}, ${found.length} ${found.length === 1 ? 'secret' : 'secrets'} read, ${leases.length} leased`,
      ...remarks,
    ],
    warnings: [
      ...warnings,
      ...unconfirmed,
      ...notices,
      ...(!renewed && takesAlong(request, token) ? leases.flatMap((l) => shortened(l, token)) : []),
      ...found.flatMap(unending),
      ...(unmasked.length > 0 ? [`Too short or too common to be masked in the log: ${unmasked.join(', ')}`] : []),
    ],
  };
}

/**
 * The terms are compared, not the ends: a lease as long as its token is taken after it, by as long as the engine takes its time, and a longer
 * token_ttl is not what its role lacks. A batch token's lease says its true term itself.
 */
function shortened(lease: Lease & { readonly path: string }, token: VaultToken): string[] {
  if (!lease.ends || token.expiresAt === undefined || lease.term <= token.term) return [];
  return [
    `Vault: the lease of ${lease.path} would run until ${iso(lease.expiresAt)}, but ends with its token at ${iso(token.expiresAt)}. Raise token_ttl of the role if later steps need longer.`,
  ];
}

/** Nobody ends it: not post, and no clock. */
function unending({ place, lease, answer }: Found): string[] {
  if (lease || answer?.engine.what !== 'HCP Terraform token') return [];
  return [
    `Vault: ${place} gave an HCP Terraform token without a lease, the same for every job (an organization's or a legacy team's): nothing ends it but rotate-role. Use a role of credential_type team or user.`,
  ];
}

function tokenVariables(request: VaultRequest, token: VaultToken): Variable[] {
  return [
    { name: 'VAULT_TOKEN', value: token.value },
    { name: 'VAULT_ADDR', value: request.url },
    ...(request.namespace ? [{ name: 'VAULT_NAMESPACE', value: request.namespace }] : []),
  ];
}

/** With the token: what a client needs to reach the same server. `vault-tls-skip-verify` is not handed on. */
function connectionFiles({ connection }: VaultRequest): PlannedFile[] {
  const { ca, certificate, key } = connection?.tls ?? {};
  const file = (name: string, variable: string, content: Secret | string): PlannedFile => ({
    name,
    content: () => content,
    variables: [variable],
    outputs: [],
  });
  return [
    ...(ca ? [file('vault-ca.pem', 'VAULT_CACERT', ca)] : []),
    ...(certificate ? [file('vault-client.pem', 'VAULT_CLIENT_CERT', certificate)] : []),
    ...(key ? [file('vault-client-key.pem', 'VAULT_CLIENT_KEY', new Secret(key, 'vault-client-key'))] : []),
  ];
}

/** All values of all lines; nothing is half done: what one line lacks fails the exchange, and the leases that were taken are owed. */
function choose(request: VaultRequest, found: readonly Found[], keep: Keep): { chosen: Chosen[]; notices: string[] } {
  const byCall = new Map(found.map((f) => [f.call, f]));
  const chosen: Chosen[] = [];
  const notices: string[] = [];
  const lacking: string[] = [];
  for (const secret of request.secrets) {
    const answer = byCall.get(callOf(secret))?.answer;
    if (!answer) {
      notices.push(`Vault: ${placeOf(secret)} was not found; ignored, as vault-ignore-not-found asks.`);
      continue;
    }
    const { data, engine } = answer;
    const picks = data === undefined ? 'this version of it is deleted' : pick(secret, data);
    if (typeof picks === 'string') lacking.push(`${placeOf(secret)} (${engine.what}) was read, but ${picks}`);
    else chosen.push(...picks.map((p) => ({ ...p, held: isSecret(engine, p.field) ? held(p, keep) : p.value })));
  }
  if (lacking.length > 0) throw new Failure('vault/key-missing', `Vault: ${lacking.join('. And ')}`);
  return { chosen, notices };
}

/** Masked: the value, and what it holds where it is a document or was decoded. */
function held({ value, variable, file }: Picked, keep: Keep): Secret {
  const secret = keep.secret(value, variable);
  const decoded = Buffer.isBuffer(file) ? file.toString('utf8') : value;
  for (const leaf of leavesOf(decoded)) if (leaf !== value) keep.secret(leaf, variable);
  return secret;
}

/** A wildcard's outputs of the same key in two cases are one output. */
function once(values: readonly Chosen[]): Variable[] {
  const outputs = new Map(values.map((c) => [`${c.output} ${c.value}`, { name: c.output, value: c.held }]));
  return [...outputs.values()];
}

const UNFINISHED_PEM = /-----END [A-Z0-9 ]+-----$/;

/**
 * The value as it is; only a PEM text gets the line end that its tools want (OpenSSH takes no key without it). Numbered, since names that differ in case
 * alone are one file on some systems.
 */
function plannedFile({ variable, output, held: value, file }: Chosen, index: number): PlannedFile {
  const content = () => {
    if (Buffer.isBuffer(file))
      return UNFINISHED_PEM.test(file.toString('latin1')) ? Buffer.concat([file, Buffer.from('\n')]) : file;
    const text = value instanceof Secret ? value.reveal() : value;
    return UNFINISHED_PEM.test(text) ? `${text}\n` : value;
  };
  return { name: `vault-${index + 1}-${variable}`, content, variables: [variable], outputs: [output] };
}
