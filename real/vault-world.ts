// The sandbox with a real OpenBao, and behind it a real PostgreSQL, in the place of the played Vault. GitHub, the proxy and the runner stay
// the sandbox's: OpenBao too finds GitHub's keys through them.
import type { RunOptions } from '../sandbox/runner/options.ts';
import type { RunResult } from '../sandbox/runner/result.ts';
import { runWorkflow } from '../sandbox/runner/run.ts';
import type { VaultServer } from '../sandbox/vault/trust.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import type { Backends } from './backends.ts';
import { forward } from './forward.ts';
import { type OpenBao, startOpenBao, type TlsParts } from './openbao.ts';
import { parts, ROOT } from './parts.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { DOCUMENT } from './vault-document.ts';
import { configureVault } from './vault-setup.ts';

export interface VaultWorld {
  readonly world: World;
  readonly bao: OpenBao;
  readonly postgres: Postgres;
  /** Runs a workflow with the action as it is built in `dist/`. */
  play(workflow: string, options?: Partial<RunOptions>): Promise<RunResult>;
  /** Stops everything. Safe after a start that failed half-way. */
  stop(): Promise<void>;
}

export interface VaultWorldOptions {
  /** What OpenBao is configured by; `DOCUMENT` unless said, and with `bare` nothing at all. */
  readonly document?: VaultServer;
  readonly bare?: true;
  readonly backends?: Backends;
  /** Further listeners of OpenBao's. */
  readonly tls?: TlsParts;
}

/** Starts all of it. */
export async function startVaultWorld({
  document = DOCUMENT,
  bare,
  backends,
  tls,
}: VaultWorldOptions = {}): Promise<VaultWorld> {
  const { bao: binary, postgres: bin } = parts();
  const running: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  };
  try {
    let origin = '';
    const world = await startWorld({
      services: [forward({ host: new URL(document.origin).host, origin: () => origin })],
    });
    running.push(world);
    const postgres = await startPostgres(bin);
    running.push(postgres);
    const wayOut = { HTTPS_PROXY: world.proxyUrl, SSL_CERT_FILE: world.caFile };
    const bao = await startOpenBao(binary, wayOut, tls);
    running.push(bao);
    origin = bao.origin;
    const parties = { issuerCa: world.authority.cert, issuerKeys: pemKeys(world), postgres };
    if (bare)
      await bao.demand('DELETE', 'sys/mounts/secret'); // development mode brings one
    else await configureVault(bao, document, { ...parties, ...(backends && { backends }) });
    return { world, bao, postgres, stop, play: (workflow, options) => play(world, workflow, options) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The issuer's keys as an administrator would paste them. */
export function pemKeys(world: World): string[] {
  return world.github.issuer
    .keys()
    .map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }).toString());
}

function play(world: World, workflow: string, options: Partial<RunOptions> = {}): Promise<RunResult> {
  return runWorkflow({
    actions: (uses) => (/^your-org\/workload-identity@/.test(uses) ? ROOT : undefined),
    identity: (job) => world.github.identityFor(job),
    ...options,
    workflow,
    env: { ...world.env(), ...options.env },
  });
}
