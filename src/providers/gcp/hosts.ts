// Google's hosts, apart from the client so that a plan can name them without loading the SDK.

export const STS_HOST = 'sts.googleapis.com';
export const IAM_HOST = 'iamcredentials.googleapis.com';
