account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing", kms_key_arn = "alias/billing" }
exports    = { focus = { table = "focus-1.2" } }
