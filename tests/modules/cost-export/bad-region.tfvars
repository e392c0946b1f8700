account_id = "111111111111"
region     = "europe"
name       = "case"
bucket     = { name = "case-billing" }
exports    = { focus = { table = "focus-1.2" } }
