// The variables that later steps get, one row each: what post does with one that was not set before, and what would win over ours.
import type { Cloud } from './input.ts';

/**
 * `clear`: its readers take an empty value for an absent one. `leave`: they do not (an empty AWS_REGION is an invalid region), so the
 * value stays; GitHub has no way to unset (facts: aws 4.6).
 */
type AfterPost = 'clear' | 'leave';

export const VARIABLES: Readonly<Record<string, AfterPost>> = {
  AWS_ACCESS_KEY_ID: 'clear',
  AWS_SECRET_ACCESS_KEY: 'clear',
  AWS_SESSION_TOKEN: 'clear',
  AWS_CREDENTIAL_EXPIRATION: 'clear',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'clear',
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: 'clear',
  AWS_REGION: 'leave',
  AWS_DEFAULT_REGION: 'leave',
  AWS_PROFILE: 'leave', // an empty one is a profile without a name to botocore (facts: aws 4.6)
  AWS_CONFIG_FILE: 'clear',
  AWS_SHARED_CREDENTIALS_FILE: 'clear',
  AZURE_CLIENT_ID: 'clear',
  AZURE_TENANT_ID: 'clear',
  AZURE_SUBSCRIPTION_ID: 'clear',
  AZURE_FEDERATED_TOKEN_FILE: 'clear',
  AZURE_AUTHORITY_HOST: 'leave',
  AZURE_TOKEN_CREDENTIALS: 'clear',
  // az takes an empty one for a folder without a name, and ends in a traceback (2.91, measured).
  AZURE_CONFIG_DIR: 'leave',
  ARM_USE_OIDC: 'clear',
  ARM_CLIENT_ID: 'clear',
  ARM_TENANT_ID: 'clear',
  ARM_SUBSCRIPTION_ID: 'clear',
  ARM_ENVIRONMENT: 'clear',
  ARM_OIDC_REQUEST_URL: 'clear',
  GOOGLE_APPLICATION_CREDENTIALS: 'clear',
  CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: 'clear',
  GOOGLE_CLOUD_PROJECT: 'clear',
  GCLOUD_PROJECT: 'clear',
  GCP_PROJECT: 'clear',
  // gcloud refuses an empty one with an error, though it takes an empty path of a file for none.
  CLOUDSDK_CORE_PROJECT: 'leave',
  CLOUDSDK_PROJECT: 'clear',
  GOOGLE_CLOUD_QUOTA_PROJECT: 'clear',
  GOOGLE_GHA_CREDS_PATH: 'clear',
  GOOGLE_CLOUD_UNIVERSE_DOMAIN: 'leave',
  CLOUDSDK_CORE_UNIVERSE_DOMAIN: 'leave',
  VAULT_TOKEN: 'clear',
  VAULT_ADDR: 'clear',
  VAULT_NAMESPACE: 'clear',
  VAULT_CACERT: 'clear',
  VAULT_CLIENT_CERT: 'clear',
  VAULT_CLIENT_KEY: 'clear',
};

/** Whether the value that a variable had before could be secret: one of the contract's that holds none is not masked. */
const IDENTIFIERS =
  /REGION|_ID$|_HOST$|_PROJECT$|_ENVIRONMENT$|_USE_OIDC$|_FILE|_DIR$|_PATH$|_DOMAIN$|_CREDENTIALS$|_ADDR$|_NAMESPACE$|^VAULT_C|_UR[IL]$|_PROFILE$|EXPIRATION/;

export function mayHoldSecret(name: string): boolean {
  return VARIABLES[name] === undefined || !IDENTIFIERS.test(name) || name === 'AWS_ACCESS_KEY_ID';
}

/** Variables that, if they are set, win over what we export, in one consumer or another. */
export const SHADOWS: Readonly<Record<Cloud, readonly string[]>> = {
  aws: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_SECURITY_TOKEN'],
  azure: [
    'AZURE_CLIENT_SECRET',
    'AZURE_CLIENT_CERTIFICATE_PATH',
    'AZURE_USERNAME',
    'AZURE_CLOUD_NAME',
    // These two are ours in another cloud than the public one: an earlier step's would stay.
    'ARM_ENVIRONMENT',
    'ARM_OIDC_REQUEST_URL',
    'ARM_OIDC_REQUEST_TOKEN',
    'ARM_USE_AKS_WORKLOAD_IDENTITY',
    'ARM_OIDC_TOKEN',
    'ARM_OIDC_TOKEN_FILE_PATH',
    'ARM_CLIENT_SECRET',
    'ARM_CLIENT_SECRET_FILE_PATH',
    'ARM_CLIENT_CERTIFICATE',
    'ARM_CLIENT_CERTIFICATE_PATH',
  ],
  gcp: [
    'CLOUDSDK_AUTH_ACCESS_TOKEN',
    'CLOUDSDK_AUTH_ACCESS_TOKEN_FILE',
    'CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT',
    'CLOUDSDK_AUTH_DISABLE_CREDENTIALS',
    'GOOGLE_CREDENTIALS',
    'GOOGLE_CLOUD_KEYFILE_JSON',
    'GCLOUD_KEYFILE_JSON',
    'GOOGLE_OAUTH_ACCESS_TOKEN',
    'GOOGLE_IMPERSONATE_SERVICE_ACCOUNT',
    'GOOGLE_PROJECT',
  ],
  vault: ['BAO_TOKEN', 'BAO_ADDR'],
};
