values_by_key = {
  env  = ["dev", "prod", "test-*"]
  cost = ["5045"]
  mail = ["*@example.com"]
}
resource_ids = { ml = "port-2s6abcdq5wdh4", chat = "prod-yakog5pdriver" }
