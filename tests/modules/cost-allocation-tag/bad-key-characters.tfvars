tag_keys        = ["cost,center"]
billed_tag_keys = ["env"]
