// A job that has logged in to an emulated server: its token, and the few calls that the tests below make with it.
import type { Emulated } from './emulated.ts';
import { mint } from './job.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says; the assertions are about it.
  readonly json: any;
  readonly headers: Readonly<Record<string, string>>;
}

export class Job {
  readonly #world: Emulated;
  token = '';
  constructor(world: Emulated) {
    this.#world = world;
  }

  async login(role: string, namespace?: string): Promise<this> {
    const jwt = mint({}, this.#world.now());
    const answer = await this.ask('POST', 'auth/jwt/login', { role, jwt }, namespace);
    this.token = answer.json.auth.client_token;
    return this;
  }

  async ask(method: string, path: string, body?: unknown, namespace?: string, host?: string): Promise<Answer> {
    const headers = {
      ...(this.token && { 'x-vault-token': this.token }),
      ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
    };
    const text = body === undefined ? '' : JSON.stringify(body);
    const reply = await this.#world.answer({ method, path: `/v1/${path}`, headers, body: text }, host);
    return {
      status: reply.status,
      json: JSON.parse(reply.body?.startsWith('{') ? reply.body : '{}'),
      headers: reply.headers ?? {},
    };
  }

  /** Takes a lease; its id. */
  async lease(path = 'database/creds/readonly', namespace?: string): Promise<string> {
    return (await this.ask('GET', path, undefined, namespace)).json.lease_id;
  }

  async revoke(lease: string, sync = true): Promise<number> {
    return (await this.ask('POST', 'sys/leases/revoke', { lease_id: lease, sync })).status;
  }

  async revokeSelf(): Promise<number> {
    return (await this.ask('POST', 'auth/token/revoke-self')).status;
  }
}
