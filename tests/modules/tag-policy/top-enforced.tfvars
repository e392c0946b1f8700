name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { Prod = { id = "ou-abcd-12345678", mode = "enforce" } }
tags = {
  env   = { values = ["dev", "prod"], enforced_for = ["ec2:ALL_SUPPORTED"], values_by_target = { Prod = { remove = ["dev"] } } }
  owner = { enforced_for = [] }
}
