billed_tag_keys = ["env"]
dictionary = {
  defaults = { mandatory_for = ["AWS::S3::Bucket"] }
  tags = {
    env = { mandatory = true, cost_allocation = true, values = ["dev", "prod"], deprecated_spellings = ["Env"] }
  }
}
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "us-gov-west-1" }
  config           = { scope = "account" }
  cost_categories  = { Stage = { rules = [{ per_value_of = "env" }] } }
}
