// The container credential provider, which every AWS SDK has: where it asks, what it has to show, what it is answered (facts: aws 6, 7).
import type { Grant, Handover, PlannedFile, Variable } from '../../core/grant.ts';
import type { Keeper } from '../../core/provider.ts';
import { Secret } from '../../core/secret.ts';
import { iso } from '../../core/time.ts';

export const CONTAINER_PATH = '/aws';

/** Keys in the environment win over it in every SDK: those that are set are emptied, which they all take for absent. */
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

export function containerVariables(keeper: Keeper): Variable[] {
  return [
    { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: `${keeper.origin}${CONTAINER_PATH}` },
    ...KEYS.map((name) => ({ name, value: '', ifPresent: true as const })),
  ];
}

/** The secret for the Authorization header. A file, since an environment is printed more often; no final newline, which botocore refuses. */
export function authorizationFile(keeper: Keeper): PlannedFile {
  return {
    name: 'aws-authorization',
    content: () => keeper.secret('aws'),
    variables: ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
    outputs: [],
  };
}

/** A session as the provider's JSON. */
export function containerCredentials(grant: Pick<Grant, 'secretOutputs' | 'expiresAt'>): string {
  const value = (name: string) => {
    const found = grant.secretOutputs.find((output) => output.name === name)?.value;
    return found instanceof Secret ? found.reveal() : found;
  };
  return JSON.stringify({
    AccessKeyId: value('aws-access-key-id'),
    SecretAccessKey: value('aws-secret-access-key'),
    Token: value('aws-session-token'),
    Expiration: iso(grant.expiresAt ?? 0),
  });
}

export function containerHandover(grant: Pick<Grant, 'secretOutputs' | 'expiresAt'>, seconds: number): Handover {
  return { credentials: new Secret(containerCredentials(grant), 'AWS session'), lifeMs: seconds * 1000 };
}

/** In the same environment, these win over it (facts: aws 6). */
export const CONTAINER_SHADOWS = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
