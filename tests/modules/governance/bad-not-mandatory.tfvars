billed_tag_keys = ["env"]
dictionary      = { tags = { env = { mandatory_for = ["AWS::S3::Bucket"] } } }
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
}
