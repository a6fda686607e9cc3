// A real OpenBao of a test's own: in memory, loopback only, with an audit log that a test can read.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Leaf } from '../sandbox/net/authority.ts';
import { type AuditEntry, readAudit } from './audit.ts';
import { bareEnv } from './command.ts';
import { freePort } from './loopback.ts';
import { startServer } from './server-process.ts';

/** An answer of the server; `body` is undefined where it sent none. */
export interface BaoAnswer {
  readonly status: number;
  readonly body: Record<string, unknown> | undefined;
}

export interface OpenBao {
  /** `http://127.0.0.1:PORT`: the TLS is the sandbox's proxy's. */
  readonly origin: string;
  /** `https://127.0.0.1:PORT` of the listener with its own certificate, and of the one that demands a client's too; where they were asked for. */
  readonly tls: { readonly own: string; readonly mutual: string } | undefined;
  readonly rootToken: string;
  /** One call to `/v1/<path>`, as root unless another token is given. */
  call(method: string, path: string, body?: object, token?: string): Promise<BaoAnswer>;
  /** The same, for set-up: throws where the status is not 2xx. */
  demand(method: string, path: string, body?: object): Promise<BaoAnswer>;
  /** Everything that was answered so far, in order. */
  audit(): AuditEntry[];
  /** Stops it and removes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Listeners with TLS beside the plain one. */
export interface TlsParts {
  readonly server: Leaf;
  /** PEM of the authority whose client certificates the second one demands. */
  readonly clients: string;
}

/**
 * Starts OpenBao in its development mode: unsealed, KV v2 at `secret/`, nothing kept. `env`: by which proxy it reaches GitHub's keys.
 * Throws with its log where it does not start.
 */
export async function startOpenBao(
  binary: string,
  env: Readonly<Record<string, string>> = {},
  tls?: TlsParts,
): Promise<OpenBao> {
  const folder = mkdtempSync(join(tmpdir(), 'openbao-'));
  const log = join(folder, 'audit.log');
  const rootToken = `root-${randomBytes(12).toString('hex')}`;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const listeners = tls && (await listenersIn(folder, tls));
  writeFileSync(
    join(folder, 'dev.hcl'),
    `${listeners?.text ?? ''}audit "file" "requests" {\n  options {\n    file_path = "${log}"\n  }\n}\n`,
  );
  const dev = [`-dev-root-token-id=${rootToken}`, `-dev-listen-address=127.0.0.1:${port}`, '-dev-no-store-token'];
  const server = await startServer({
    file: binary,
    args: ['server', '-dev', ...dev, `-config=${join(folder, 'dev.hcl')}`],
    env: { ...bareEnv(folder), ...env },
    cwd: folder,
    ready: async () => (await fetch(`${origin}/v1/sys/health`)).ok,
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const call: OpenBao['call'] = (method, path, body, token = rootToken) => ask(origin, method, path, body, token);
  return {
    origin,
    tls: listeners && { own: listeners.own, mutual: listeners.mutual },
    rootToken,
    call,
    async demand(method, path, body) {
      const answer = await call(method, path, body);
      if (answer.status >= 300)
        throw new Error(`OpenBao: ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer;
    },
    audit: () => readAudit(log),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Two more listeners. Without a cluster address of its own, each would take the port behind it as well. */
async function listenersIn(folder: string, { server, clients }: TlsParts) {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const files = { tls_cert_file: file('server.pem', server.cert), tls_key_file: file('server.key', server.key) };
  const demand = { tls_require_and_verify_client_cert: 'true', tls_client_ca_file: file('clients.pem', clients) };
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const block = (port: number, cluster: number, more: Record<string, string>) => {
    const all = { address: `127.0.0.1:${port}`, cluster_address: `127.0.0.1:${cluster}`, ...files, ...more };
    const lines = Object.entries(all).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}\n`);
    return `listener "tcp" {\n${lines.join('')}}\n`;
  };
  const [own = 0, ownCluster = 0, mutual = 0, mutualCluster = 0] = ports;
  return {
    text: block(own, ownCluster, {}) + block(mutual, mutualCluster, demand),
    own: `https://127.0.0.1:${own}`,
    mutual: `https://127.0.0.1:${mutual}`,
  };
}

async function ask(
  origin: string,
  method: string,
  path: string,
  body: object | undefined,
  token: string,
): Promise<BaoAnswer> {
  const answer = await fetch(`${origin}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': token },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? (JSON.parse(text) as Record<string, unknown>) : undefined };
}
