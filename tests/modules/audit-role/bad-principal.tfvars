account_id = "111111111111"
name       = "case"
principals = ["arn:aws:iam::222222222222:role/auditor"]
