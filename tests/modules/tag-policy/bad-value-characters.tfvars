name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { env = { values = ["dev;prod"] } }
