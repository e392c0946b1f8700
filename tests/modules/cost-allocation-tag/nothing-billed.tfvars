tag_keys        = ["env"]
billed_tag_keys = []
