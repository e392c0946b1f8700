name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { per_value_of = { key = "bu", limits_usd = { Retail = 5, Sales = null } }, alerts = [{ actual_percent = 80 }] } }
