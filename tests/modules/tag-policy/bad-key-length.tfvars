name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { environment = {}, env = {} }
limits               = { tag_key_characters = 8 }
