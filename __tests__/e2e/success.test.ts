// The good path, on the built action: what later steps get, in which order it left the process, and what post ends.
import { startWorld, type World } from '../../sandbox/world.ts';
import { AWS, AZURE, calm, cleanUp, FOUR, GCP, GCP_DIRECT, play, VAULT } from './scenario.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  cleanUp();
  calm(world);
});
afterAll(() => world.stop());

describe('one cloud', () => {
  it.each([
    [
      'AWS',
      AWS,
      [
        'AWS_ACCESS_KEY_ID',
        'AWS_SECRET_ACCESS_KEY',
        'AWS_SESSION_TOKEN',
        'AWS_CREDENTIAL_EXPIRATION',
        'AWS_REGION',
        'AWS_DEFAULT_REGION',
      ],
    ],
    [
      'Azure',
      AZURE,
      [
        'AZURE_CLIENT_ID',
        'AZURE_TENANT_ID',
        'AZURE_SUBSCRIPTION_ID',
        'AZURE_FEDERATED_TOKEN_FILE',
        'AZURE_AUTHORITY_HOST',
        'AZURE_TOKEN_CREDENTIALS',
        'ARM_USE_OIDC',
        'ARM_CLIENT_ID',
        'ARM_TENANT_ID',
        'ARM_SUBSCRIPTION_ID',
      ],
    ],
    [
      'Google Cloud, direct',
      GCP_DIRECT,
      [
        'GOOGLE_APPLICATION_CREDENTIALS',
        'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE',
        'GOOGLE_CLOUD_PROJECT',
        'CLOUDSDK_CORE_PROJECT',
        'GCLOUD_PROJECT',
        'GCP_PROJECT',
        'CLOUDSDK_PROJECT',
      ],
    ],
    [
      'Google Cloud, service account',
      GCP,
      [
        'GOOGLE_APPLICATION_CREDENTIALS',
        'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE',
        'GOOGLE_CLOUD_PROJECT',
        'CLOUDSDK_CORE_PROJECT',
        'GCLOUD_PROJECT',
        'GCP_PROJECT',
        'CLOUDSDK_PROJECT',
      ],
    ],
    ['Vault', VAULT, ['APP_PASSWORD', 'DB_USER', 'DB_PASSWORD']],
  ])('%s: exactly its variables reach later steps', async (_, inputs, names) => {
    const { result, main, later } = await play(world, { with: inputs });
    expect(result.result).toBe('success');
    expect(Object.keys(main.exported).sort()).toEqual([...names].sort());
    for (const name of names) expect(later[name]).toBeTruthy();
  });
});

it('four clouds in one step', async () => {
  const { result } = await play(world, { with: FOUR });
  expect(result.result).toBe('success');
});
