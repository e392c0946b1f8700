account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing" }
exports    = { a = { table = "focus-1.2" }, b = { table = "focus-1.2" }, c = { table = "focus-1.2" } }
