values_by_key         = { env = ["dev"] }
retired_values_by_key = { "te,am" = ["ml"] }
