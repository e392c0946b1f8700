account_id         = "111111111111"
external_id        = "who-audits"
management_account = true
name               = "case"
organization_id    = "o-tagraillocal"
partition          = "aws-us-gov"
principals         = ["arn:*:iam::111111111111:role/auditor"]
resource_tags      = { owner = "ml" }
role_name          = "Reader"
repair = {
  keys           = ["owner", "team"]
  principals     = ["arn:*:iam::111111111111:role/editor"]
  removable_keys = ["Eigentümer"]
  role_name      = "Writer"
}
stack_set = {
  organizational_unit_ids = ["ou-abcd-22222222", "ou-abcd-11111111"]
  region                  = "us-gov-west-1"
  trusted_services        = ["member.org.stacksets.cloudformation.amazonaws.com"]
}
