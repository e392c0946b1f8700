cost_categories = { A = { rules = [{ value = "A", account_ids = ["111111111111"] }, { inherit = "account_name" }], split_charges = [{ source = "A", method = "even", targets = ["C", "Untagged"] }] } }
