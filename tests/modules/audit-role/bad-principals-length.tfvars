account_id = "111111111111"
name       = "case"
principals = [for number in range(40) : "arn:*:iam::111111111111:role/${format("%060d", number)}"]
