name       = "x"
account_id = "111122223333"
region     = "us-gov-west-1"
partition  = "aws-us-gov"
budgets    = { a = { limit_usd = 5, alerts = [{ actual_percent = 80 }] } }
