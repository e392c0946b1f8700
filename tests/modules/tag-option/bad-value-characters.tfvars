values_by_key = { env = ["de,v", " dev"] }
