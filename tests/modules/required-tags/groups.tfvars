name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags = {
  default = { values = ["a"] }
  same    = { values = ["a"], resource_types = ["AWS::S3::Bucket"] }
  own     = { values = ["a"], resource_types = ["AWS::EC2::VPC", "AWS::EC2::Subnet"] }
}
