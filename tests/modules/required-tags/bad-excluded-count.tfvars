name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] } }
limits                 = { config_excluded_accounts = 1 }
organization           = { excluded_account_ids = ["111122223333", "444455556666"] }
