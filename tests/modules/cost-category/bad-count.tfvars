cost_categories = { A = { rules = [{ inherit = "account_name" }] }, B = { rules = [{ inherit = "account_name" }] } }
limits          = { cost_categories_per_payer = 1 }
