// Vault: health is public, and a login without a token is refused in an order that tells mount and role (facts: vault 2.1, 2.2).
import type { Answer, Send } from '../../core/http.ts';
import { asked, type Finding } from '../../core/probe.ts';
import { Secret } from '../../core/secret.ts';
import { errorsOf, login, type VaultCall } from './client.ts';
import { headersOf } from './connection.ts';
import type { VaultRequest } from './request.ts';

type Judgement = Omit<Finding, 'what' | 'named'>;

/** `sys/health` says by its status what the server is (facts: vault 2.2). */
const HEALTH: Readonly<Record<number, Judgement>> = {
  200: { answer: 'yes', why: 'it is initialised, unsealed and active' },
  429: { answer: 'yes', why: 'it is unsealed, and a standby' },
  472: { answer: 'no', why: 'it is a secondary for disaster recovery, which takes no logins' },
  473: { answer: 'yes', why: 'it is unsealed, and a performance standby' },
  501: { answer: 'no', why: 'it was never initialised' },
  503: { answer: 'no', why: 'it is sealed' },
};
/** Nobody's token: Vault answers before it looks for one. */
const NO_TOKEN = new Secret('', 'no token');

/** Server, mount and role. What the role is bound to only an exchange tells. */
export async function probe(request: VaultRequest, send: Send): Promise<readonly Finding[]> {
  const server = await asked(
    send,
    {
      method: 'GET',
      url: `${request.url}/v1/sys/health`,
      headers: { 'x-vault-request': 'true', ...headersOf(request.connection) },
    },
    { what: 'endpoint', named: `the server ${request.url}` },
    ({ status }) => HEALTH[status] ?? { answer: 'unknown', why: `it answers ${status}, which is no answer of Vault's` },
  );
  if (server.answer !== 'yes') return [server];
  return [server, ...(await mountAndRole(request, send))];
}

async function mountAndRole(request: VaultRequest, send: Send): Promise<Finding[]> {
  const where = request.authNamespace ? ` in ${request.authNamespace}` : '';
  const mount = { what: 'mount', named: `the JWT auth method at ${request.authPath}${where}` };
  const role = { what: 'role', named: request.role ? `the role ${request.role}` : "the mount's default role" };
  const call: VaultCall = {
    url: request.url,
    connection: request.connection,
    agent: 'workload-identity',
    say: () => {},
    ...(request.authNamespace && { namespace: request.authNamespace }),
  };
  let answer: Answer | undefined;
  const asMount = await asked(
    async () => {
      answer = await login(call, request.authPath, request.role, NO_TOKEN, send);
      return answer;
    },
    { method: 'POST', url: request.url },
    mount,
    judgedMount,
  );
  if (!answer || asMount.answer !== 'yes') return [asMount];
  return [asMount, { ...role, ...judgedRole(errorsOf(answer)) }];
}

function judgedMount(answer: Answer): Judgement {
  const said = errorsOf(answer);
  if (answer.status === 400 && /could not load configuration/.test(said))
    return { answer: 'no', why: 'it is there, but was never configured (oidc_discovery_url)' };
  if (answer.status === 400 && said !== '')
    return { answer: 'yes', why: 'it refuses a login without a token in its own words' };
  if (answer.status === 403)
    return {
      answer: 'no',
      why: 'nothing that takes logins is there (or a network rule of the role keeps this runner out)',
    };
  if (answer.status === 404) return { answer: 'no', why: 'there is no such path, or no such namespace' };
  return { answer: 'unknown', why: `it answers ${answer.status}` };
}

function judgedRole(said: string): Judgement {
  if (/could not be found/.test(said)) return { answer: 'no', why: 'Vault does not find it' };
  if (/missing role/.test(said)) return { answer: 'no', why: 'none was named, and the mount has none' };
  if (/oidc role_type/.test(said))
    return { answer: 'no', why: 'it is for people who log in through a browser (role_type oidc)' };
  if (/missing token/.test(said))
    return { answer: 'yes', why: 'Vault has read it; what it is bound to only an exchange tells' };
  return { answer: 'unknown', why: 'Vault did not come so far as to look for it' };
}
