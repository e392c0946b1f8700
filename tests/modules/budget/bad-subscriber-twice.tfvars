name        = "x"
account_id  = "111122223333"
region      = "eu-central-1"
budgets     = { a = { limit_usd = 100, alerts = [{ actual_percent = 80 }] } }
subscribers = { emails = ["a@x.com", "a@x.com"] }
