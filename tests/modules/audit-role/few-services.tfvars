account_id      = "111111111111"
name            = "case"
organization_id = "o-tagraillocal"
repair = {
  keys       = ["owner"]
  principals = ["arn:*:iam::*:role/editor"]
  services   = ["ec2", "s3"]
}
