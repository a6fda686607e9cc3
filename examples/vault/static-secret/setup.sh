# Run once by an administrator, from this folder. Takes APP_PASSWORD: the secret.
set -eu
vault secrets enable -path=secret -version=2 kv
vault kv put -mount=secret app password="$APP_PASSWORD"
vault policy write static-secret policy.hcl
vault write auth/jwt/role/static-secret - <<'JSON'
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
  "token_policies": ["static-secret"],
  "token_ttl": "15m"
}
JSON
