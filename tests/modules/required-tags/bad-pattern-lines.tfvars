name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { pattern = "a\nb" } }
