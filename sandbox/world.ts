// A whole world on loopback: GitHub, the clouds and Vault behind one proxy, with one clock and one ledger.
// `startWorld()` needs nothing but Node; `stop()` leaves nothing behind.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsService } from './aws/service.ts';
import { azureService } from './azure/service.ts';
import { WorldClock } from './clock.ts';
import { defaultTrust, type WorldTrust } from './default-trust.ts';
import { gcpService } from './gcp/service.ts';
import { TokenIssuer } from './github/issuer.ts';
import type { JobIdentity } from './github/job.ts';
import { oidcService } from './github/oidc.ts';
import { type RestToken, restService } from './github/rest.ts';
import { Ledger } from './ledger.ts';
import type { Authority } from './net/authority.ts';
import { openDoor } from './net/door.ts';
import type { Connection } from './net/journal.ts';
import { type ProxyCredentials, startProxy } from './net/proxy.ts';
import type { Fault, Service, Traffic } from './service.ts';
import { vaultService } from './vault/service.ts';

export interface WorldOptions {
  readonly trust?: Partial<WorldTrust>;
  readonly job?: JobIdentity;
  /** Asked before the world's own: further hosts, or real servers in an authority's place. */
  readonly services?: readonly Service[];
  readonly restTokens?: readonly RestToken[];
  /** What the proxy asks of its clients; nothing unless said. */
  readonly proxyCredentials?: ProxyCredentials;
  /** Milliseconds before each request is answered. */
  readonly latencyMs?: number;
  /** Milliseconds before each new connection is answered. */
  readonly connectMs?: number;
}

export interface Canary {
  readonly label: string;
  readonly value: string;
}

export interface World {
  readonly clock: WorldClock;
  readonly ledger: Ledger;
  /** The job: who it is, whether it runs, and where it asks for tokens. */
  readonly github: TokenIssuer;
  /** Live: an authority reads its document at each request. */
  readonly trust: WorldTrust;
  /** Live: what is added is played from the next connection or request on. */
  readonly faults: Fault[];
  readonly traffic: Traffic[];
  readonly connects: Connection[];
  readonly authority: Authority;
  /** PEM of the authority, and a file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  /** With the credentials in it, if the proxy asks for any. */
  readonly proxyUrl: string;
  /** What a process needs to live in this world, whatever language it speaks. */
  env(): Record<string, string>;
  /** Every secret that was ever issued here, for the leak search. */
  canaries(): Canary[];
  stop(): Promise<void>;
}

/** Behind the one door: the AWS SDK for JavaScript follows no proxy, only its endpoint variable (facts: real-parts 3). */
const STS = 'sts.eu-west-1.amazonaws.com';

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = new WorldClock();
  const ledger = new Ledger(clock);
  const github = new TokenIssuer(clock, ledger);
  github.issuer.keys(); // made now: the first request must not wait for it
  if (options.job) github.job = options.job;
  const trust: WorldTrust = { ...defaultTrust(), ...options.trust };
  const faults: Fault[] = [];
  const { proxyCredentials: credentials, latencyMs = 0, connectMs = 0 } = options;
  const services = [
    ...(options.services ?? []),
    ...authorities(clock, ledger, github, trust, options.restTokens ?? []),
  ];
  const proxy = await startProxy({
    services,
    faults,
    latencyMs,
    connectMs,
    now: () => clock.now(),
    ...(credentials && { credentials }),
  });
  const door = await openDoor(proxy.stage, STS);
  const folder = mkdtempSync(join(tmpdir(), 'world-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, proxy.authority.cert);
  const proxyUrl = withCredentials(proxy.url, credentials);
  return {
    ...{ clock, ledger, github, trust, faults, caFile, proxyUrl },
    ...proxy.journal,
    authority: proxy.authority,
    ca: proxy.authority.cert,
    env: () => ({ ...environment(proxyUrl, caFile), AWS_ENDPOINT_URL_STS: door.url }),
    canaries: () => canaries(ledger, credentials),
    async stop() {
      door.close();
      await proxy.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function authorities(
  clock: WorldClock,
  ledger: Ledger,
  github: TokenIssuer,
  trust: WorldTrust,
  restTokens: readonly RestToken[],
): Service[] {
  const context = { clock, ledger, issuer: github.issuer };
  return [
    oidcService(github),
    restService(github, restTokens),
    awsService({ ...context, trust: () => trust.aws }),
    azureService({ ...context, trust: () => trust.azure }),
    gcpService({ ...context, trust: () => trust.gcp }),
    vaultService({ ...context, trust: () => trust.vault }),
  ];
}

function withCredentials(url: string, credentials: ProxyCredentials | undefined): string {
  if (credentials === undefined) return url;
  const { user, password } = credentials;
  return url.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}

/** Each language's clients have a variable of their own for the authority (facts: real-parts 3). */
function environment(proxyUrl: string, caFile: string): Record<string, string> {
  return {
    HTTPS_PROXY: proxyUrl,
    HTTP_PROXY: proxyUrl,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_EXTRA_CA_CERTS: caFile,
    AWS_CA_BUNDLE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    CURL_CA_BUNDLE: caFile,
    CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: caFile,
  };
}

function canaries(ledger: Ledger, credentials: ProxyCredentials | undefined): Canary[] {
  const issued = ledger
    .all()
    .flatMap(({ service, kind, scope, secrets }) =>
      secrets.map((value, i) => ({ label: `${service} ${kind} for ${scope} (${i + 1})`, value })),
    );
  return credentials ? [...issued, { label: 'proxy password', value: credentials.password }] : issued;
}
