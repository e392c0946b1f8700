billed_tag_keys = ["env"]
dictionary = {
  defaults = { mandatory_for = ["AWS::S3::Bucket"] }
  tags     = { env = { mandatory = true } }
}
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "organization", excluded_accounts = ["ml-lab"] }
}
