billed_tag_keys = ["env"]
dictionary      = { tags = { env = null, owner = {} } }
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
}
