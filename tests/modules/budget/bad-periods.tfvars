name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { auto_adjust = { type = "historical", periods = 61 }, alerts = [{ actual_percent = 80 }] } }
