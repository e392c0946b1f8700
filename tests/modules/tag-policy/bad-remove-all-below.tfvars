name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets = {
  root  = { id = "r-abcd", mode = "report" }
  A     = { id = "ou-abcd-11111111", mode = "report", parent = "root" }
  "A/B" = { id = "ou-abcd-22222222", mode = "report", parent = "A" }
  acct  = { id = "111111111111", mode = "report", parent = "A/B" }
}
tags = {
  env = {
    values           = ["dev", "prod", "test"]
    values_by_target = { root = { remove = ["test"] }, A = { remove = ["dev"] }, acct = { remove = ["prod"] } }
  }
}
