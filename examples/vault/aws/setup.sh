# Run once by an administrator, from this folder. Takes AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: of a user who may make IAM users
# within your boundary. Where the job needs AWS alone, aws-role-arn needs no Vault and no key at all.
set -eu
vault secrets enable -path=aws aws
vault write aws/config/root \
  access_key="$AWS_ACCESS_KEY_ID" \
  secret_key="$AWS_SECRET_ACCESS_KEY" \
  region=eu-west-1
vault write aws/config/lease lease=1h lease_max=6h
vault write aws/roles/deploy \
  credential_type=iam_user \
  policy_arns=arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
vault policy write aws policy.hcl
vault write auth/jwt/role/aws - <<'JSON'
{
  "role_type": "jwt",
  "bound_audiences": ["https://vault.example.com"],
  "bound_claims_type": "string",
  "bound_claims": {
    "repository_id": "1296269",
    "repository_owner_id": "583231",
    "ref": "refs/heads/main",
    "event_name": "push"
  },
  "user_claim": "repository",
  "token_policies": ["aws"],
  "token_ttl": "1h"
}
JSON
