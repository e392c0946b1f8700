name                   = "x"
default_resource_types = ["AWS::EC2::Instance", "AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] } }
limits                 = { config_rule_resource_types = 1 }
