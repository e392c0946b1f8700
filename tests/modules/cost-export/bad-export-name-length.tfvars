account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing" }
exports    = { focus-of-long = { table = "focus-1.2" } }
limits     = { data_export_name_characters = 10 }
