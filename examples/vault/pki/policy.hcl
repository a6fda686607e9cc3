# What the job asks for: a certificate, which is made by a write.
path "pki/issue/ci" {
  capabilities = ["update"]
}

# What the post step revokes it by. It lets this role revoke any certificate of the mount whose serial number it knows; leave it out where
# others issue from the same mount, and the certificate ends by itself.
path "pki/revoke" {
  capabilities = ["update"]
}
