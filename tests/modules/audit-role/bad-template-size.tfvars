account_id = "111111111111"
name       = "case"
limits     = { cloudformation_template_bytes = 5000 }
stack_set  = { organizational_unit_ids = ["r-abcd"], region = "eu-central-1" }
