values_by_key         = { env = ["a", "b", "c-*"], team = ["ml"] }
retired_values_by_key = { env = ["d"], team = ["x", "y"] }
resource_ids          = { ml = "port-2s6abcdq5wdh4" }
limits                = { tag_options_per_resource = 3, tag_option_values_per_key = 3 }
