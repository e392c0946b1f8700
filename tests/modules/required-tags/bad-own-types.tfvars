name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { resource_types = ["s3:bucket"] } }
