values_by_key = { env = ["dev"] }
limits        = { options = 5 }
