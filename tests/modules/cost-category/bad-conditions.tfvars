cost_categories = { A = { rules = [{ value = "A" }, { inherit = "account_name", charge_types = ["Tax"] }] } }
