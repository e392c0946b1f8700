name      = "x"
topic_arn = "arn:aws:sns:eu-central-1:111111111111:alerts"
monitors = {
  services = { by = "service" }
  tagged   = { tag = "team", values = ["ml", "data"] }
  sorted   = { cost_category = "Unit", values = ["Retail"] }
  accounts = { account_ids = ["222222222222", "111111111111"] }
}
subscriptions = {
  now    = { monitors = ["tagged", "services"], frequency = "immediate", threshold = { usd = 100, percent = 20 } }
  any    = { monitors = ["sorted"], frequency = "weekly", emails = ["b@example.com", "a@example.com"], threshold = { usd = 100, percent = 20, combine = "any" } }
  amount = { monitors = ["accounts"], frequency = "daily", emails = ["a@example.com"], threshold = { percent = 12.5, combine = "any" } }
}
resource_tags = { owner = "finops" }
