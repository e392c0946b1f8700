name        = "x"
account_id  = "111122223333"
region      = "eu-central-1"
subscribers = { emails = ["b@x.com", "a@x.com"] }
budgets = {
  ml = {
    limit_usd       = 5000
    tag             = { key = "any:app", values = ["llm", "fraud"] }
    accounts        = ["444444444443", "222222222222"]
    services        = ["Amazon SageMaker"]
    cost_categories = { Team = ["Retail", "Data"] }
    alerts          = [{ forecasted_percent = 100 }, { actual_percent = 100 }, { actual_usd = 4500 }, { actual_percent = 80 }]
  }
}
