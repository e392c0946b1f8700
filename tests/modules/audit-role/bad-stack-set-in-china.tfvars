account_id = "111111111111"
name       = "case"
partition  = "aws-cn"
stack_set  = { organizational_unit_ids = ["r-abcd"], region = "cn-north-1" }
