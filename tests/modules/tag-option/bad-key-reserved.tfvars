values_by_key = { "AWS:env" = ["dev"] }
