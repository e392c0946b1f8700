name                 = "x"
enabled_policy_types = []
groups               = ["s3"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { owner = {} }
