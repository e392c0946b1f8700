name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { a = { values = ["one", "two", "six"] }, b = { values = ["one", "two", "six"] } }
limits               = { tag_policies_per_target = 1, tag_policy_document_characters = 120 }
