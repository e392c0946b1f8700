account_id    = "111111111111"
name          = "case"
resource_tags = { for number in range(51) : "key-${number}" => "x" }
