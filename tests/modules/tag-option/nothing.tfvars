values_by_key = {}
