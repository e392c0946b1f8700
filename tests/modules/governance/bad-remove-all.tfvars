billed_tag_keys = ["env"]
dictionary = { tags = { env = {
  values       = ["dev", "prod"]
  values_by_ou = { A = { remove = ["dev"] }, "A/B" = { remove = ["prod"] }, AB = { remove = ["prod"] } }
} } }
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
}
