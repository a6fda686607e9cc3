// One call of the SDK against a canned answer, played while the identity token is still on its way: what the SDK builds and compiles at its
// first call is then not between the token and the exchange.
import { Secret } from '../../core/secret.ts';
import { CLOUD_PLATFORM, federate } from './client.ts';
import { PUBLIC } from './universe.ts';

const CALL = {
  provider: 'projects/0/locations/global/workloadIdentityPools/rehearsal/providers/rehearsal',
  scopes: [CLOUD_PLATFORM],
  universe: PUBLIC,
};
const ANSWER = {
  access_token: 'rehearsal',
  issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  token_type: 'Bearer',
  expires_in: 3599,
};

/** Sends nothing and keeps nothing. */
export async function rehearse(): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(ANSWER);
  await federate(CALL, new Secret('rehearsal', 'rehearsal'), async () => ({ status: 200, headers, body }));
}
