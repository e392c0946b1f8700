name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "deny" } }
tags                 = { env = { values = ["dev", "prod"] } }
