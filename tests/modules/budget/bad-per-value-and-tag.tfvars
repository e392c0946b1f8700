name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { tag = { key = "k", values = ["v"] }, per_value_of = { key = "bu", limits_usd = { Retail = 5 } }, alerts = [{ actual_percent = 80 }] } }
