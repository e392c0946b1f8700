cost_categories = {
  "Business unit" = {
    rules = [
      { value = "Retail", account_ids = ["444444444444", "111111111111"], unless = { charge_types = ["Tax"], tags = { env = ["dev-*"] } } },
      { per_value_of = { keys = ["bu", "BU"], values = ["Finance", "Retail"] }, charge_types = ["Usage"] },
      { value = "Lab", unless = { service_codes = ["AmazonS3"] } },
      { value = "Data", tags = { app = ["*-etl"] } },
      { value = "Lake", tags = { app = ["*lake*"] } },
      { inherit_tag = "owner" },
      { inherit = "account_name" },
    ]
  }
}
resource_tags = { owner = "finops" }
