name                   = "x"
default_resource_types = ["AWS::SageMaker::Model"]
tags                   = { env = { values = ["dev"] } }
limits                 = { config_rule_policy_characters = 150 }
