billed_tag_keys = []
dictionary      = { tags = { env = { values = ["dev"] }, mail = { values = ["*@example.com"] } } }
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
  tag_option       = { keys = ["env", "mail"] }
}
