tag_keys         = ["a", "b"]
billed_tag_keys  = ["env"]
limits           = { cost_allocation_tags_active = 2 }
account_tag_keys = ["c"]
