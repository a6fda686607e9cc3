# What the job asks for: a token of its own.
path "terraform/creds/deploy" {
  capabilities = ["read"]
}

# What the post step ends it by: the token is deleted at HCP Terraform. Without this line that is queued with the end of Vault's token.
path "sys/leases/revoke" {
  capabilities = ["update"]
}
