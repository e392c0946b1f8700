account_id = "111111111111"
name       = "case"
repair     = { keys = ["owner"], principals = ["arn:aws:sts::111111111111:assumed-role/editor/x"] }
