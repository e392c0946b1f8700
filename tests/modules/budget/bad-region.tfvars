name       = "x"
account_id = "111122223333"
region     = "Frankfurt"
budgets    = { a = { limit_usd = 100, alerts = [{ actual_percent = 80 }] } }
