name       = "x"
account_id = "111122223333"
region     = "eusc-de-east-1"
partition  = "aws-eusc"
budgets    = {}
