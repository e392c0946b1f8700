name                   = "x"
resource_tags          = { owner = "platform-team" }
default_resource_types = ["AWS::SageMaker::Model", "AWS::S3::Bucket", "AWS::EC2::Instance", "AWS::S3::Bucket"]
tags = {
  any    = {}
  env    = { values = ["dev", "prod"] }
  center = { values = ["Sales-*", "v1.0/a+b"] }
  ticket = { values = ["T/1"], pattern = "[A-Z]/[0-9]" }
}
