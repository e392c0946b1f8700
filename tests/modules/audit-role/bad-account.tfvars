account_id = "1111"
name       = "case"
