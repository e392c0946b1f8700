cost_categories = { B = { rules = [{ per_value_of = { keys = ["k"], values = ["v", "w"] } }] } }
limits          = { cost_category_rules = 1 }
