// One Vault server at work: what is asked passes seal, namespace, quota, body and token, in the order of the real one.
import type { Call } from '../service.ts';
import { namespaceOf } from './access.ts';
import type { VaultContext } from './context.ts';
import { closed, health } from './health.ts';
import { login } from './login.ts';
import { type Request, readRequest } from './requests.ts';
import { OWN_PATH, route } from './router.ts';
import { Stores } from './stores.ts';
import type { VaultServer } from './trust.ts';
import { FORBIDDEN, type Outcome, readBody, refused, textField } from './wire.ts';
import { Wrappings } from './wrapping.ts';

const DENIED = refused(403, 'permission denied');
/** Vault says two things of a token that it does not know since 1.16, as one text; OpenBao only the first. */
const UNKNOWN_TOKEN = refused(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n');

type Body = Record<string, unknown>;

export class Server {
  readonly #stores: Stores;

  /** `server` is asked at each request, so that a changed trust document counts at once. */
  constructor(context: VaultContext, server: () => VaultServer) {
    this.#stores = new Stores(context, server);
  }

  answer(call: Call): Outcome {
    const server = this.#stores.server();
    this.#stores.leases.sweep();
    const request = readRequest(call, server);
    const refusal = 'kind' in request ? request : undefined;
    if ('path' in request) {
      const about = health(request.path, server, this.#stores.context.clock.seconds());
      if (about) return request.namespace === '' ? about : refused(400, 'operation unavailable in namespaces');
    }
    const shut = closed(server) ?? refusal;
    if (shut || !('path' in request)) return shut ?? DENIED;
    const { namespace, path } = request;
    if (namespaceOf(server, namespace)?.locked) return lockedBy(namespace);
    return this.#stores.quotas.take(namespace + path, server.rateLimits ?? []) ?? this.#open(request, call.body);
  }

  #open(request: Request, text: string): Outcome {
    const wrapTtl = Wrappings.seconds(request.headers['x-vault-wrap-ttl']);
    if (typeof wrapTtl === 'string') return refused(400, wrapTtl);
    const writes = request.operation === 'write' || request.operation === 'patch';
    const body = writes ? readBody(text) : {};
    if (typeof body === 'string') return refused(400, body);
    if (writes && request.path.endsWith('/')) return refused(400, "cannot write to a path ending in '/'");
    const outcome = this.#public(request, body) ?? this.#authenticated(request, body);
    if (wrapTtl === 0 || (outcome.kind !== 'secret' && outcome.kind !== 'auth') || outcome.status) return outcome;
    const { flavour } = this.#stores.server();
    return this.#stores.wrappings.wrap(outcome, request.namespace + request.path, wrapTtl, flavour);
  }

  /** Paths that ask for no token: logins, and what is done with a wrapping token. Undefined for the others. */
  #public(request: Request, body: Body): Outcome | undefined {
    const { path, operation, namespace } = request;
    const { wrappings, context, tokens, server } = this.#stores;
    const wrapping = textField(body, 'token') ?? request.token;
    if (path === 'sys/wrapping/unwrap' && operation === 'write') return wrappings.unwrap(wrapping);
    if (path === 'sys/wrapping/lookup' && operation !== 'delete') return wrappings.lookup(wrapping);
    const mountPath = /^auth\/(.+)\/login$/.exec(path)?.[1];
    const mounts = namespaceOf(server(), namespace)?.auth ?? {};
    const mount = mountPath !== undefined && Object.hasOwn(mounts, mountPath) ? mounts[mountPath] : undefined;
    if (mountPath === undefined || !mount) return undefined;
    if (operation !== 'write') return refused(405, 'unsupported operation');
    return login({ mount, mountPath, namespace }, body, { ...context, flavour: server().flavour, tokens });
  }

  #authenticated(request: Request, body: Body): Outcome {
    const { wrappings, tokens, server } = this.#stores;
    if (wrappings.spend(request.token)) return OWN_PATH.test(request.path) ? DENIED : FORBIDDEN;
    const token = tokens.find(request.token);
    if (!token) return request.token !== '' && server().flavour === 'vault' ? UNKNOWN_TOKEN : DENIED;
    // Every request costs a use, also one that is refused.
    const last = token.uses > 0 && --token.usesLeft === 0;
    const outcome = route({ request, body, token }, this.#stores, last);
    if (last && !token.revoked) this.#stores.end(token);
    return outcome;
  }
}

function lockedBy(namespace: string): Outcome {
  const why = `API access to this namespace has been locked by an administrator - "${namespace}" must be unlocked to gain access.`;
  return refused(503, why);
}
