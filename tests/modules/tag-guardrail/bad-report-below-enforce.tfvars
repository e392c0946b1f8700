name                 = "x"
enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
groups               = ["s3"]
targets              = { root = { id = "r-abcd", mode = "enforce" }, unit = { id = "ou-abcd-11111111", mode = "report", parent = "root" } }
tags                 = { owner = {} }
