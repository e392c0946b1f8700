name                 = "x"
enabled_policy_types = ["TAG_POLICY"]
targets              = { root = { id = "r-abcd", mode = "report" } }
tags                 = { env = { values = ["dev", "prod"], values_by_target = { root = { append = ["x"], remove = ["dev"] } } } }
