name                   = "x"
default_resource_types = []
tags                   = { env = { values = ["dev"] } }
