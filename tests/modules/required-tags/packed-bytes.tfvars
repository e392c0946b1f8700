name                   = "x"
default_resource_types = ["AWS::S3::Bucket", "AWS::SageMaker::Model"]
limits                 = { config_rule_parameters_characters = 70, config_rule_policy_characters = 400 }
# By characters both keys would share a rule of each kind; by bytes, which the provider counts, they do not fit.
tags = {
  aaaa = { values = ["x"] }
  éééé = { values = ["x"] }
}
