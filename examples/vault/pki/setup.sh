# Run once by an administrator, from this folder: an authority inside Vault. Use an intermediate of your own where you have one.
set -eu
vault secrets enable -path=pki pki
vault secrets tune -max-lease-ttl=87600h pki
vault write pki/root/generate/internal common_name="Jobs of example.com" key_type=ec ttl=87600h
vault write pki/roles/ci \
  allowed_domains=ci.example.com \
  allow_bare_domains=true \
  server_flag=false \
  key_type=ec \
  key_bits=256 \
  max_ttl=6h
vault policy write pki policy.hcl
vault write auth/jwt/role/pki - <<'JSON'
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
  "token_policies": ["pki"],
  "token_ttl": "1h"
}
JSON
