name                   = "x"
default_resource_types = ["s3:bucket"]
tags                   = { env = { values = ["dev"] } }
