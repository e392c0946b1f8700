name        = "x"
account_id  = "111122223333"
region      = "eu-central-1"
subscribers = { topic_arn = "arn:aws:sns:eu-central-1:111122223333:alerts" }
budgets     = { a = { limit_usd = 1, alerts = [{ actual_percent = 80 }] } }
