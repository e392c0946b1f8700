name       = "x"
account_id = "payer"
region     = "eu-central-1"
budgets    = { a = { limit_usd = 100, alerts = [{ actual_percent = 80 }] } }
