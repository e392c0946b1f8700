name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] }, own = { values = ["dev"], resource_types = ["AWS::EC2::VPC"] } }
limits                 = { config_rules_per_region = 1 }
