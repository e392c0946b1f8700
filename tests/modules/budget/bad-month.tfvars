name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { planned_limits_usd = { "2026-13" = 5 }, alerts = [{ actual_percent = 80 }] } }
