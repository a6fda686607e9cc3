# Run once by an administrator, from this folder. Takes PGHOST, PGPORT, PGUSER and PGPASSWORD: a user of PostgreSQL who may make others.
set -eu
vault secrets enable -path=database database
vault write database/config/app \
  plugin_name=postgresql-database-plugin \
  allowed_roles=app \
  connection_url="postgresql://{{username}}:{{password}}@$PGHOST:$PGPORT/postgres?sslmode=${PGSSLMODE:-verify-full}" \
  username="$PGUSER" \
  password="$PGPASSWORD"
# default_ttl: longer than the job; the post step ends it with the job.
vault write database/roles/app \
  db_name=app \
  creation_statements="CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';" \
  default_ttl=1h \
  max_ttl=6h
vault policy write database policy.hcl
vault write auth/jwt/role/database - <<'JSON'
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
  "token_policies": ["database"],
  "token_ttl": "1h"
}
JSON
