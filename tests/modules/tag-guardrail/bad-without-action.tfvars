name                 = "x"
enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
groups               = ["s3"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { owner = {} }
without_actions      = ["s3:DeleteBucket"]
