name          = "x"
monitors      = { m = { by = "service" } }
subscriptions = { s = { monitors = ["n"], frequency = "daily", emails = ["a@example.com"], threshold = { usd = 1 } } }
