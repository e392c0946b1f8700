name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { limit_usd = 5, per_value_of = { key = "bu", limits_usd = {} }, alerts = [{ actual_percent = 80 }] } }
