name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] } }
limits                 = { config_organization_rule_name_characters = 10 }
organization           = {}
