values_by_key         = { env = ["dev"] }
retired_values_by_key = { env = ["test"], team = ["ml"] }
resource_ids          = { ml = "port-2s6abcdq5wdh4" }
