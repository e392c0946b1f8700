name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { env = { values = ["a-long-value-of-the-key", "another-long-value-of-the-key"] } }
limits               = { tag_policy_document_characters = 100 }
