name                   = "a-name-that-is-too-long-for-it"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] } }
