name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { limit_usd = 1, alerts = [{ actual_percent = 80 }] }, b = { limit_usd = 1, alerts = [{ actual_percent = 80 }] } }
limits     = { budgets_per_payer = 1 }
