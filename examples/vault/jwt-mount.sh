# Once for each server: lets it check the identity tokens of GitHub Actions. Takes VAULT_ADDR and VAULT_TOKEN.
set -eu
vault auth enable jwt
vault write auth/jwt/config \
  oidc_discovery_url=https://token.actions.githubusercontent.com \
  bound_issuer=https://token.actions.githubusercontent.com
