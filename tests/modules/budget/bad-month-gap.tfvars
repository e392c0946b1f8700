name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { planned_limits_usd = { "2026-10" = 5, "2026-12" = 5 }, alerts = [{ actual_percent = 80 }] } }
limits     = { budget_planned_months = 2 }
