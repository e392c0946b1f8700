name     = "x"
monitors = { a = { tag = "team" }, b = { account_ids = ["1"], values = ["x"] } }
