name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { a-key-that-is-long = {} }
limits                 = { config_rule_parameters_characters = 30 }
