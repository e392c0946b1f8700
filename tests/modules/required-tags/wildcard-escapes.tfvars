name                   = "x"
default_resource_types = ["AWS::SageMaker::Model"]
tags                   = { v = { values = ["v1.0+a/*"] } }
