name                 = "x"
enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
groups               = ["s3"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { owner = {} }
limits               = { control_policies_per_target = 2, control_policy_document_characters = 500 }
