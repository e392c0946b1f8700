name                 = "x"
enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
groups               = ["lambda"]
targets = {
  root = { id = "r-abcd", mode = "enforce" }
  Prod = { id = "ou-abcd-12345678", mode = "enforce", parent = "root" }
  Same = { id = "ou-abcd-22345678", mode = "enforce", parent = "root" }
}
tags = {
  env  = { values = ["dev", "prod"], values_by_target = { Prod = ["prod"] } }
  size = { mandatory = false, values = ["big*"] }
}
