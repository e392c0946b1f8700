tag_keys         = ["env"]
billed_tag_keys  = ["env"]
account_tag_keys = ["aws:x"]
