account_id = "111111111111"
name       = "case"
role_name  = "Case-Repair"
repair     = { keys = ["owner"], principals = ["arn:*:iam::111111111111:role/editor"] }
