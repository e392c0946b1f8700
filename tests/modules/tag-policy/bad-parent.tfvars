name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { Prod = { id = "ou-abcd-12345678", mode = "report", parent = "root" } }
tags                 = { env = { values = ["dev", "prod"] } }
