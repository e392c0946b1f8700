values_by_key         = { env = ["dev", "prod"] }
retired_values_by_key = { env = ["dev", "test"] }
