account_id = "111111111111"
name       = "case"
repair     = { keys = ["owner"], principals = [] }
