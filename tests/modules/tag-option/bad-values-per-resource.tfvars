values_by_key = { env = ["a", "b", "c*"], team = ["ml"] }
resource_ids  = { ml = "port-1" }
limits        = { tag_options_per_resource = 2 }
