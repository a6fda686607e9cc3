// The container credential provider, which every AWS SDK has: where it asks, what it has to show, what it is answered (facts: aws 6, 7).
import type { Grant } from '../../core/grant.ts';
import type { Keeper } from '../../core/provider.ts';
import { Secret } from '../../core/secret.ts';
import { iso } from '../../core/time.ts';
import type { Handing } from './grant.ts';
import type { AwsRequest } from './request.ts';
import type { Session } from './session.ts';

export const CONTAINER_PATH = '/aws';

/** Keys in the environment win over it in every SDK: those that are set are emptied, which they all take for absent. */
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Where later steps find the session, and what the keeper goes on with. */
export function fromKeeper({ region, duration }: AwsRequest, session: Session, ends: number, keeper: Keeper): Handing {
  const credentials = json(session.accessKey.reveal(), session.secretKey.reveal(), session.token.reveal(), ends);
  return {
    variables: [
      { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: `${keeper.origin}${CONTAINER_PATH}` },
      ...KEYS.map((name) => ({ name, value: '', ifPresent: true as const })),
      { name: 'AWS_REGION', value: region },
      { name: 'AWS_DEFAULT_REGION', value: region },
    ],
    // The secret for the Authorization header. A file, since an environment is printed more often; no final newline, which botocore refuses.
    files: [
      {
        name: 'aws-authorization',
        content: () => keeper.secret('aws'),
        variables: ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
        outputs: [],
      },
    ],
    // In the same environment, it wins (facts: aws 6).
    shadows: [
      { name: 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI' },
      { name: 'AWS_ACCOUNT_ID', harmless: session.account },
    ],
    handover: { credentials: new Secret(credentials, 'AWS session'), lifeMs: duration * 1000 },
  };
}

/** The session of a grant as the provider's JSON. */
export function containerCredentials(grant: Pick<Grant, 'secretOutputs'>, ends: number): string {
  const value = (name: string) => {
    const found = grant.secretOutputs.find((output) => output.name === name)?.value;
    return found instanceof Secret ? found.reveal() : found;
  };
  return json(value('aws-access-key-id'), value('aws-secret-access-key'), value('aws-session-token'), ends);
}

function json(AccessKeyId?: string, SecretAccessKey?: string, Token?: string, ends = 0): string {
  return JSON.stringify({ AccessKeyId, SecretAccessKey, Token, Expiration: iso(ends) });
}
