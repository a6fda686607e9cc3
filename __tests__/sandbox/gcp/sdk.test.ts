// Google's own client federates and impersonates here, and hears the refusals.
import { IdentityPoolClient } from 'google-auth-library/build/src/auth/identitypoolclient.js';
import type { Service } from '../../../sandbox/service.ts';
import { callTo } from '../test-issuer.ts';
import { AUDIENCE, CLOUD_PLATFORM, DEPLOY, EXCHANGE, startGcp } from './world.ts';

interface Sent {
  readonly url: string | URL;
  readonly method?: string;
  readonly headers?: Headers | Record<string, string>;
  readonly data?: unknown;
}

/** In place of gaxios, at both places where the client sends (STS has one of its own). */
function transporter(service: Service) {
  return {
    defaults: {},
    async request({ url, method = 'GET', headers, data }: Sent) {
      const form = data instanceof URLSearchParams;
      const type = form ? 'application/x-www-form-urlencoded;charset=UTF-8' : 'application/json';
      const sent = { 'content-type': type, ...Object.fromEntries(new Headers(headers)) };
      const body = form ? data.toString() : data === undefined ? '' : JSON.stringify(data);
      const reply = await service.answer(callTo(String(url), { method, headers: sent, body }));
      if (reply.status >= 300) throw new Error(`${reply.status} ${reply.body}`);
      return {
        data: JSON.parse(reply.body ?? ''),
        status: reply.status,
        headers: new Headers(reply.headers),
        config: {},
      };
    },
  };
}

class Client extends IdentityPoolClient {
  constructor(service: Service, jwt: () => string, account?: string) {
    super({
      type: 'external_account',
      audience: EXCHANGE.audience,
      subject_token_type: EXCHANGE.subject_token_type,
      subject_token_supplier: { getSubjectToken: async () => jwt() },
      scopes: [CLOUD_PLATFORM],
      ...(account !== undefined && {
        service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
        service_account_impersonation: { token_lifetime_seconds: 900 },
      }),
    });
    Object.assign(this, { transporter: transporter(service) });
    Object.assign(this.stsCredential, { transporter: transporter(service) });
  }
}

it.each([
  ['itself', undefined, 1],
  ['a service account', DEPLOY, 2],
])('takes a token as %s', async (_name, account, issued) => {
  const gcp = startGcp();
  const { token } = await new Client(gcp.service, () => gcp.jwtOf({ aud: AUDIENCE }), account).getAccessToken();
  const entries = gcp.context.ledger.living('gcp');
  expect(entries).toHaveLength(issued);
  expect(entries.at(-1)?.secrets).toEqual([token]);
});

it('reports the refusal', async () => {
  const gcp = startGcp();
  const client = new Client(gcp.service, () => gcp.jwtOf({ repository_owner_id: '1' }), DEPLOY);
  await expect(client.getAccessToken()).rejects.toThrow(/rejected by the attribute condition/);
});
