account_id = "1111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing" }
exports    = { focus = { table = "focus-1.2" } }
