# What the job asks for: a user of its own.
path "database/creds/app" {
  capabilities = ["read"]
}

# What the post step ends it by. Without this line the user is dropped some time after the token was revoked, and nobody can say whether it was.
path "sys/leases/revoke" {
  capabilities = ["update"]
}
