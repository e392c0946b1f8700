name          = "x"
account_id    = "111122223333"
region        = "eu-central-1"
budgets       = { a = { limit_usd = 100, alerts = [{ actual_percent = 80 }] } }
limits        = { tags_per_resource = 1 }
resource_tags = { a = "1", b = "2" }
