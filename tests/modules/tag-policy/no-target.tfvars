name                 = "x"
enabled_policy_types = []
targets              = {}
tags                 = { env = { values = ["dev"] } }
