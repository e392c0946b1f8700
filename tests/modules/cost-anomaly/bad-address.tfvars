name     = "x"
monitors = { m = { by = "service" } }
subscriptions = {
  s = { monitors = ["m"], frequency = "daily", emails = ["jörg@example.com", "a@b.c"], threshold = { usd = 0 } }
  t = { monitors = ["m"], frequency = "daily", emails = ["a@b.de", "o'neil+x@example.com"], threshold = { usd = 0 } }
}
