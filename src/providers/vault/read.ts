// Reading a path: what it may mint, where `data/` is missing, and the lease that comes with it.

import type { Keep } from '../../core/grant.ts';
import { isRecord, jsonBody, number, text } from '../../core/http.ts';
import type { ExchangePorts } from '../../core/provider.ts';
import { reached } from '../../core/reach.ts';
import { MINTING, type RetryPolicy, SAFE } from '../../core/retry.ts';
import { mountOf, read, type VaultCall } from './client.ts';
import type { Data } from './pick.ts';
import { readRefusal } from './refusal.ts';
import type { VaultRequest } from './request.ts';
import { placeOf, type SecretRequest } from './secrets.ts';

export interface Found {
  readonly path: string;
  /** Undefined: not there, and `vault-ignore-not-found`. */
  readonly data?: Data;
  readonly lease?: Lease;
}

export interface Lease {
  readonly id: string;
  readonly expiresAt: number;
  /** False where the engine's revocation does nothing, and the credential lives on. */
  readonly ends: boolean;
  readonly renewable: boolean;
}

/** Each path once, however many lines name it. */
export function placesOf(request: VaultRequest): SecretRequest[] {
  return [...new Map(request.secrets.map((s) => [placeOf(s), s])).values()];
}

export async function readPlace(
  secret: SecretRequest,
  call: VaultCall,
  request: VaultRequest,
  ports: ExchangePorts,
  keep: Keep,
): Promise<Found> {
  const ask = (path: string) => {
    const mints = mayMint(path);
    return reached('vault', 'Vault', () =>
      read(call, path, secret.version, mints, ports.patient(mints ? MAKING : READING)),
    );
  };
  let answer = await ask(secret.path);
  if (answer.status === 403 || answer.status === 404) {
    const versioned = await versionedPath(secret.path, call, ports);
    if (versioned) answer = await ask(versioned);
  }
  const body = jsonBody(answer.body);
  if (answer.status === 404 && request.ignoreNotFound) return { path: placeOf(secret) };
  const data = body?.data;
  if (answer.status !== 200 || !isRecord(data)) throw readRefusal(answer, secret, request);
  const lease = leaseOf(body, data, ports.clock.now());
  if (lease)
    keep.owe({
      by: 'vault',
      kind: 'lease',
      data: {
        id: lease.id,
        path: secret.path,
        expiresAt: lease.expiresAt,
        ends: lease.ends,
        renewable: lease.renewable,
      },
    });
  return { path: placeOf(secret), data, ...(lease && { lease }) };
}

/** Reads that make a credential, by the engines' paths (facts: vault 1.5): after a lost answer they are not repeated. */
export function mayMint(path: string): boolean {
  return /\/(creds|sts)\/[^/]+$/.test(path) || /\/[^/]+\/(key|token)$/.test(path);
}

/** The same path with `data/` behind the mount, if a KV v2 engine is there and the path lacks it. */
async function versionedPath(path: string, call: VaultCall, ports: ExchangePorts): Promise<string | undefined> {
  const answer = await reached('vault', 'Vault', () => mountOf(call, path, ports.patient(READING)));
  const mount = jsonBody(answer.body)?.data;
  if (answer.status !== 200 || !isRecord(mount) || mount.type !== 'kv') return undefined;
  const at = text(mount, 'path');
  const options = mount.options;
  if (!at || !path.startsWith(at) || !isRecord(options) || options.version !== '2') return undefined;
  const rest = path.slice(at.length);
  return /^(data|metadata|subkeys)\//.test(rest) ? undefined : `${at}data/${rest}`;
}

function leaseOf(body: Data | undefined, data: Data, now: number): Lease | undefined {
  const id = text(body, 'lease_id');
  if (!id || !/^[\x21-\x7e]{1,1000}$/.test(id)) return undefined;
  // Sessions of AWS's STS have a lease whose revocation is a no-op (facts: vault 1.5).
  const session = [data.security_token, data.session_token].some((token) => typeof token === 'string' && token !== '');
  return {
    id,
    expiresAt: now + (number(body, 'lease_duration') ?? 0) * 1000,
    ends: !session,
    renewable: body?.renewable === true,
  };
}

/** 412: a performance standby that has not caught up. */
export const READING: RetryPolicy = { ...SAFE, statuses: new Set([...SAFE.statuses, 412]) };

const MAKING: RetryPolicy = { ...MINTING, statuses: new Set([...MINTING.statuses, 412]) };
