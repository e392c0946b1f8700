account_id = "111111111111"
name       = "case"
repair     = { keys = ["owner"], principals = ["arn:*:iam::111111111111:role/editor"], services = ["ec3"] }
