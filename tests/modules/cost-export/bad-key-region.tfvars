account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/1234abcd" }
exports    = { focus = { table = "focus-1.2" } }
