// The Vault servers of a world as one service: every origin of the trust document, each with a memory of its own.
import type { Call, Reply, Service } from '../service.ts';
import type { VaultContext } from './context.ts';
import { redirect } from './health.ts';
import { operationName } from './requests.ts';
import { Server } from './server.ts';
import type { VaultServer, VaultTrust } from './trust.ts';
import { checkTrust } from './trust-check.ts';
import { reply } from './wire.ts';

/**
 * Plays every origin of the trust document, which is asked anew at each call. Throws where the document itself is wrong
 * (a policy that does not parse, an engine that the flavour does not have).
 */
export function vaultService(context: VaultContext): Service {
  const servers = new Map<string, Server>();
  const checked = new WeakSet<VaultTrust>();
  const trust = (): VaultTrust => {
    const document = context.trust();
    if (!checked.has(document)) checkTrust(document);
    checked.add(document);
    return document;
  };
  const serverAt = (host: string) => trust().servers.find((server) => new URL(server.origin).host === host);
  const running = (origin: string): Server => {
    const known = servers.get(origin);
    if (known) return known;
    const server = new Server(
      context,
      () => trust().servers.find((candidate) => candidate.origin === origin) as VaultServer,
    );
    servers.set(origin, server);
    return server;
  };
  return {
    name: 'vault',
    plays: (host) => serverAt(host) !== undefined,
    tls: (host) => serverAt(host)?.tls,
    operation: (call) => operationName(call, serverAt(call.host)),
    answer: (call) => answerFrom(call, serverAt(call.host), running),
  };
}

function answerFrom(call: Call, server: VaultServer | undefined, running: (origin: string) => Server): Reply {
  if (!server) return { status: 502 };
  const { header, value } = server.frontDoor ?? {};
  if (header !== undefined && call.headers[header] !== value)
    return { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Who are you?</html>' };
  if (call.url.pathname === '/')
    return { status: 307, headers: { location: '/ui/' }, body: '<a href="/ui/">Temporary Redirect</a>.\n\n' };
  const clean = call.url.pathname.replace(/\/{2,}/g, '/');
  if (clean !== call.url.pathname)
    return { status: 307, headers: { location: clean }, body: `<a href="${clean}">Temporary Redirect</a>.\n\n` };
  const own = /^\/v1\/sys\/(health|seal-status|leader)$/.test(call.url.pathname);
  if (server.standbyOf && !own) return redirect(call, server.standbyOf);
  return reply(running(server.origin).answer(call));
}
