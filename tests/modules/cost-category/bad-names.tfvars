cost_categories = { "A/B" = { default = " x", rules = [{ value = "C", account_ids = ["1"] }] } }
