values_by_key = { env = ["dev"] }
resource_ids  = { ml = "port-Machine" }
