name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { "ml:prod" = { limit_usd = 1, alerts = [{ actual_percent = 80 }] } }
