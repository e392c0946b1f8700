account_id = "111111111111"
name       = "case"
repair     = { keys = [for number in range(90) : "key-${format("%060d", number)}"], principals = ["arn:*:iam::111111111111:role/editor"] }
