import { mayHoldSecret, SHADOWS, VARIABLES } from '../../src/core/variables.ts';

describe('what post does with a variable that was not set before', () => {
  // An empty value is worse than ours for these: their readers take it for a region, a profile, a host.
  it.each([
    ...['AWS_REGION', 'AWS_DEFAULT_REGION', 'AZURE_AUTHORITY_HOST', 'AZURE_CONFIG_DIR'],
    ...['GOOGLE_CLOUD_UNIVERSE_DOMAIN', 'CLOUDSDK_CORE_UNIVERSE_DOMAIN', 'CLOUDSDK_CORE_PROJECT'],
  ])('%s is left', (name) => {
    expect(VARIABLES[name]).toBe('leave');
  });
  it.each([
    ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'],
    ...[
      'AZURE_CLIENT_ID',
      'AZURE_TENANT_ID',
      'AZURE_SUBSCRIPTION_ID',
      'AZURE_FEDERATED_TOKEN_FILE',
      'AZURE_TOKEN_CREDENTIALS',
    ],
    ...[
      'ARM_USE_OIDC',
      'ARM_CLIENT_ID',
      'ARM_TENANT_ID',
      'ARM_SUBSCRIPTION_ID',
      'ARM_ENVIRONMENT',
      'ARM_OIDC_REQUEST_URL',
    ],
    ...['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE', 'GOOGLE_CLOUD_PROJECT'],
    ...['GCLOUD_PROJECT', 'GCP_PROJECT', 'CLOUDSDK_PROJECT', 'GOOGLE_CLOUD_QUOTA_PROJECT'],
    'GOOGLE_GHA_CREDS_PATH',
    ...['VAULT_TOKEN', 'VAULT_ADDR', 'VAULT_NAMESPACE'],
  ])('%s is cleared', (name) => {
    expect(VARIABLES[name]).toBe('clear');
  });
});

describe('the earlier value of a variable', () => {
  it.each([
    ['AWS_SECRET_ACCESS_KEY', true],
    ['AWS_SESSION_TOKEN', true],
    ['AWS_ACCESS_KEY_ID', true],
    ['VAULT_TOKEN', true],
    ['DB_PASSWORD', true],
    ['ANYTHING_REGION', true],
    ['AWS_REGION', false],
    ['AWS_DEFAULT_REGION', false],
    ['AWS_PROFILE', false],
    ['AWS_CONFIG_FILE', false],
    ['AWS_SHARED_CREDENTIALS_FILE', false],
    ['AZURE_CLIENT_ID', false],
    ['AZURE_AUTHORITY_HOST', false],
    ['AZURE_CONFIG_DIR', false],
    ['GOOGLE_APPLICATION_CREDENTIALS', false],
    ['GOOGLE_CLOUD_PROJECT', false],
    ['GOOGLE_GHA_CREDS_PATH', false],
    ['VAULT_ADDR', false],
  ])('of %s may be secret: %s', (name, may) => {
    expect(mayHoldSecret(name)).toBe(may);
  });
});

describe('what would win over ours', () => {
  it.each([
    ['aws', ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_SECURITY_TOKEN']],
    ['azure', ['AZURE_CLIENT_SECRET', 'ARM_OIDC_TOKEN', 'ARM_CLIENT_SECRET']],
    [
      'gcp',
      [
        ...['CLOUDSDK_AUTH_ACCESS_TOKEN', 'CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT'],
        // Terraform's, by its documents: each is taken before the file.
        ...['GOOGLE_CREDENTIALS', 'GOOGLE_CLOUD_KEYFILE_JSON', 'GCLOUD_KEYFILE_JSON', 'GOOGLE_OAUTH_ACCESS_TOKEN'],
        ...['GOOGLE_IMPERSONATE_SERVICE_ACCOUNT', 'GOOGLE_PROJECT'],
      ],
    ],
  ] as const)('is known for %s', (cloud, names) => {
    expect(SHADOWS[cloud]).toEqual(expect.arrayContaining([...names]));
  });
  it('is never one of ours, but what only some steps export', () => {
    expect(
      Object.values(SHADOWS)
        .flat()
        .filter((name) => VARIABLES[name]),
    ).toEqual(['AWS_PROFILE', 'ARM_ENVIRONMENT', 'ARM_OIDC_REQUEST_URL']);
  });
});
