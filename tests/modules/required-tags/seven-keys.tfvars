name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags = {
  k1 = { values = ["a"] }
  k2 = { values = ["a"] }
  k3 = { values = ["a"] }
  k4 = { values = ["a"] }
  k5 = { values = ["a"] }
  k6 = { values = ["a"] }
  k7 = { values = ["a"] }
}
