name                 = "anycompany"
enabled_policy_types = ["TAG_POLICY"]
resource_tags        = { "anycompany:finance:owner" = "platform-team" }
targets = {
  root                     = { id = "r-abcd", mode = "report" }
  "Workloads/Prod"         = { id = "ou-abcd-12345678", mode = "enforce", parent = "root" }
  "account:ml-lab"         = { id = "555555555551", mode = "report", parent = "Workloads/Prod" }
  "Workloads/Prod/Nothing" = { id = "ou-abcd-87654321", mode = "enforce", parent = "Workloads/Prod" }
}
tags = {
  "Any:Env" = {
    values                  = ["dev", "test", "prod"]
    enforced_for            = ["ec2:instance"]
    report_required_tag_for = ["s3:bucket"]
    values_by_target = {
      root             = { append = ["lab"] }
      "Workloads/Prod" = { remove = ["dev"] }
    }
  }
  "Any:Owner" = {}
}
