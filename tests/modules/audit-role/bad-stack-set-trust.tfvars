account_id = "111111111111"
name       = "case"
stack_set  = { organizational_unit_ids = ["r-abcd"], region = "eu-central-1", trusted_services = ["config.amazonaws.com"] }
