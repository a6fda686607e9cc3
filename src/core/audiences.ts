// Audiences that the clouds accept by default: a token with one of them is worth something to whoever it is shown to (INVARIANTS 5, 7).

const CLOUD_AUDIENCE = /^sts\.amazonaws\.com|^api:\/\/AzureADTokenExchange|iam\.googleapis\.com/;

/** Whether a token with this audience must not be shown to a server that is no cloud's. */
export function isForClouds(audience: string): boolean {
  return CLOUD_AUDIENCE.test(audience);
}
