// One call of the SDK against a canned answer, played while the identity token is still on its way: what the SDK builds and compiles at its
// first call (18 ms, a third of what the action costs beside the floor) is then not between the token and the exchange.
import { Secret } from '../../core/secret.ts';
import { assumeRoleWithWebIdentity } from './client.ts';

const CALL = {
  endpoint: 'https://sts.us-east-1.amazonaws.com',
  region: 'us-east-1',
  roleArn: 'arn:aws:iam::000000000000:role/rehearsal',
  sessionName: 'rehearsal',
  duration: 900,
  policyArns: [],
};

const ANSWER = [
  '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>',
  '<AssumedRoleUser><AssumedRoleId>rehearsal</AssumedRoleId><Arn>rehearsal</Arn></AssumedRoleUser>',
  '<Credentials><AccessKeyId>rehearsal</AccessKeyId><SecretAccessKey>rehearsal</SecretAccessKey><SessionToken>rehearsal</SessionToken>',
  '<Expiration>2020-01-01T00:00:00Z</Expiration></Credentials>',
  '</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>',
].join('');

/** Sends nothing and keeps nothing. */
export async function rehearse(): Promise<void> {
  const headers = { 'content-type': 'text/xml' };
  await assumeRoleWithWebIdentity(CALL, new Secret('rehearsal', 'rehearsal'), async () => ({
    status: 200,
    headers,
    body: ANSWER,
  }));
}
