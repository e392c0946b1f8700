name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
limits                 = { config_rule_parameters_characters = 101 }
# Characters with a comma, of 100 that there are: a to d 32 each, e 81; f does not fit with its values.
tags = {
  a = { values = ["x"] }
  b = { values = ["x"] }
  c = { values = ["x"] }
  d = { values = ["x"] }
  e = { values = ["a-value-that-is-long", "another-value-that-is-long"] }
  f = { values = ["a-value-that-is-long", "another-value-that-is-long", "a-third-value-that-is-long"] }
}
