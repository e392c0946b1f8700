name                   = "x"
default_resource_types = ["AWS::S3::Bucket"]
tags                   = { env = { values = ["dev"] } }
limits                 = { tags_per_resource = 1 }
resource_tags          = { a = "1", b = "2" }
