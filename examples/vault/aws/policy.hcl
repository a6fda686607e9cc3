# What the job asks for: an access key of its own.
path "aws/creds/deploy" {
  capabilities = ["read"]
}

# What the post step ends it by: the key and its user are deleted. Without this line that is queued with the token's end.
path "sys/leases/revoke" {
  capabilities = ["update"]
}
