name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { Prod = { id = "Prod", mode = "report" } }
tags                 = { env = { values = ["dev", "prod"] } }
