values_by_key = { env = ["dev"] }
resource_ids  = { "a/b" = "port-2s6abcdq5wdh4" }
