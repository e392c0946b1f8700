values_by_key = { env = ["dev"] }
resource_ids  = { ml = "port-1", ai = "port-1", x = "port-2" }
