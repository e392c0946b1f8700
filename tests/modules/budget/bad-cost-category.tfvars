name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { limit_usd = 5, cost_categories = { Team = [] }, alerts = [{ actual_percent = 80 }] } }
