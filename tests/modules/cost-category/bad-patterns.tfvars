cost_categories = { A = { rules = [{ value = "A", tags = { x = ["a*b"], y = [], z = ["c", "d-*"] } }] } }
