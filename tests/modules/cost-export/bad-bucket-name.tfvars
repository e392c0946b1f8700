account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "Case_Billing" }
exports    = { focus = { table = "focus-1.2" } }
