account_id = "111111111111"
name       = "case"
role_name  = "a b"
