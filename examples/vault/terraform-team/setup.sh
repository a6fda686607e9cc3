# Run once by an administrator, from this folder. Takes TFE_TOKEN: a token of HCP Terraform's that may manage the team's tokens; and TEAM_ID.
set -eu
vault secrets enable -path=terraform terraform
vault write terraform/config token="$TFE_TOKEN"
# Of type team: a token for each job. The older kind (team_legacy) gives every job the same one, and cannot be ended.
vault write terraform/role/deploy \
  credential_type=team \
  team_id="$TEAM_ID" \
  ttl=1h \
  max_ttl=6h
vault policy write terraform-team policy.hcl
vault write auth/jwt/role/terraform-team - <<'JSON'
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
  "token_policies": ["terraform-team"],
  "token_ttl": "1h"
}
JSON
