billed_tag_keys = ["env"]
dictionary = {
  defaults = {
    mandatory_for           = ["AWS::S3::Bucket"]
    enforced_for            = ["s3:bucket"]
    report_required_tag_for = ["s3:bucket"]
  }
  tags = {
    env = {
      mandatory       = true
      cost_allocation = true
      values          = ["dev", "prod"]
      values_by_ou    = { "Workloads/Dev" = { append = ["lab"] } }
    }
    owner = {}
  }
}
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  organization_id  = "o-tagraillocal"
  regions          = { home = "eu-central-1" }
  tag_policy = {
    root                 = "report"
    organizational_units = { "Workloads/Prod" = "enforce" }
    accounts             = { ml-prod = "report", "555555555551" = "enforce" }
  }
  config  = { scope = "organization", excluded_accounts = ["old-crm"] }
  budgets = { a = { limit_usd = 1, accounts = ["ml-prod"], alerts = [{ actual_percent = 80 }] } }
}
