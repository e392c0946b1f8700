name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets = {
  Dev  = { id = "ou-abcd-11111111", mode = "report" }
  Prod = { id = "ou-abcd-22222222", mode = "report" }
}
tags   = { env = { values = ["dev", "prod"] } }
limits = { tag_policies_per_organization = 1 }
