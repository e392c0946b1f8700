cost_categories = { A = { rules = [{ value = "A", account_ids = ["111111111111"] }, { value = "B", account_ids = ["222222222222"] }], split_charges = [{ source = "A", method = "even", targets = ["Untagged"] }, { source = "B", method = "even", targets = ["Untagged"] }] } }
limits          = { cost_category_split_charges = 1 }
