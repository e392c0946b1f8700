cost_categories = {
  Shares = {
    default = "Nobody"
    rules = [
      { value = "Finance", account_ids = ["000000000000"] },
      { value = "Retail", account_ids = ["000000000001"] },
      { value = "Sales", account_ids = ["000000000002"] },
      { value = "Größe 你好", account_ids = ["000000000003"] },
      { value = "Z_-9", account_ids = ["000000000004"] },
      { value = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", account_ids = ["000000000005"] },
      { value = "你你你你你你你你你你你你你你你你", account_ids = ["000000000006"] },
      { value = "Shared", account_ids = ["000000000007"] },
      { value = "Other", account_ids = ["000000000008"] }
    ]
    split_charges = [
      {
        source = "Shared"
        method = "fixed"
        percents = {
          "Finance"                                            = 40
          "Retail"                                             = 25
          "Sales"                                              = 15
          "Größe 你好"                                           = 10
          "Z_-9"                                               = 5
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" = 3
          "你你你你你你你你你你你你你你你你"                                   = 2
        }
      },
      { source = "Nobody", method = "even", targets = ["Retail", "Finance"] },
      { source = "Other", method = "proportional", targets = ["Sales"] },
    ]
  }
}
