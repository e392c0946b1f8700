name                 = "x"
enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
groups               = ["sagemaker", "database"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { owner = {}, team = {}, stage = {}, app = {} }
iam_policy           = { boundary = true }
