account_id = "111111111111"
name       = "case"
limits     = { iam_policies = 1 }
