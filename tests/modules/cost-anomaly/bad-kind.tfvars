name     = "x"
monitors = { a = {}, b = { by = "account" }, c = { by = "service", account_ids = ["1"] } }
