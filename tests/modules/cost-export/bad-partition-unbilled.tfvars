account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing" }
exports    = { focus = { table = "focus-1.2" } }
partition  = "aws-us-gov"
