name                   = "x"
default_resource_types = ["AWS::S3::Bucket", "AWS::SageMaker::Model"]
organization           = { excluded_account_ids = ["666666666661"] }
recorder               = { bucket_name = "config-bucket", role_arn = "arn:aws:iam::111122223333:role/config", include_global_resource_types = false }
aggregator             = { role_arn = "arn:aws:iam::111122223333:role/config" }
tags                   = { env = { values = ["dev"] } }
