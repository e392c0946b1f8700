billed_tag_keys = []
dictionary = {
  defaults = { mandatory_for = ["AWS::S3::Bucket"] }
  tags = {
    env   = { mandatory = true, values = ["dev", "prod"], values_by_ou = { Sandbox = { append = ["lab"] } } }
    owner = { mandatory = true }
    team  = { values = ["ml"] }
  }
}
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
  tag_option       = { portfolios = ["port-2", "port-1", "port-2"], products = ["prod-1"], retired = { env = ["test"] } }
}
