// One call of the SDK against a canned answer, played while the identity token is still on its way: what the SDK builds and compiles at its
// first call is then not between the token and the exchange.
import { Secret } from '../../core/secret.ts';
import { accessToken } from './client.ts';

const CALL = {
  authority: 'https://login.microsoftonline.com',
  tenantId: '00000000-0000-0000-0000-000000000000',
  clientId: '00000000-0000-0000-0000-000000000000',
  scope: 'https://management.azure.com/.default',
};
const ANSWER = { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: 'rehearsal' };

/** Sends nothing and keeps nothing. */
export async function rehearse(): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(ANSWER);
  await accessToken(CALL, new Secret('rehearsal', 'rehearsal'), async () => ({ status: 200, headers, body }));
}
