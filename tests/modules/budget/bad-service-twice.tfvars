name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets    = { a = { limit_usd = 5, services = ["Amazon S3", "Amazon S3"], alerts = [{ actual_percent = 80 }] } }
