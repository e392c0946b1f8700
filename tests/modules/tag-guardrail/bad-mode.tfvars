name                 = "x"
enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
groups               = ["s3"]
targets              = { root = { id = "r-abcd", mode = "deny" } }
tags                 = { owner = {} }
