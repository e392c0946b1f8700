name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] } }
recorder               = { bucket_name = "config-bucket", role_arn = "config" }
