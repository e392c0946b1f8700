name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { env = { values = ["dev", "prod"] } }
limits               = { tags_per_resource = 1 }
resource_tags        = { a = "1", b = "2" }
