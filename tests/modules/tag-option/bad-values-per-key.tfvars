values_by_key         = { env = ["a", "b", "c*"] }
retired_values_by_key = { env = ["d"] }
limits                = { tag_option_values_per_key = 2 }
