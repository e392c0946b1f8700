account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing" }
exports    = { cur = { table = "cur-2.0", columns = ["line_item_iam_principal"] } }
