# What the job reads. KV v2 has data/ in its paths.
path "secret/data/app" {
  capabilities = ["read"]
}
