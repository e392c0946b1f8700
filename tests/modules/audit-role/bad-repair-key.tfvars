account_id = "111111111111"
name       = "case"
repair     = { keys = ["владелец"], principals = ["arn:*:iam::111111111111:role/editor"] }
