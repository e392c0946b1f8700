account_id    = "111111111111"
region        = "eu-central-1"
name          = "case"
bucket        = { name = "case-billing" }
exports       = { focus = { table = "focus-1.2" } }
limits        = { tags_per_resource = 1 }
resource_tags = { a = "1", b = "2" }
