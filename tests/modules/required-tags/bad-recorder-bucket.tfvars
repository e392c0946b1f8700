name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] } }
recorder               = { bucket_name = "Config_Bucket", role_arn = "arn:aws:iam::111122223333:role/config" }
