name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { env = { values = ["dev", "prod"] } }
limits               = { tag_policys_per_target = 5 }
