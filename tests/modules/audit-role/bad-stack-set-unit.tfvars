account_id = "111111111111"
name       = "case"
stack_set  = { organizational_unit_ids = ["Workloads"], region = "eu-central-1" }
