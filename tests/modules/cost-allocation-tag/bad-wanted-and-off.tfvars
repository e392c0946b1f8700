tag_keys             = ["env"]
billed_tag_keys      = ["env"]
deactivated_tag_keys = ["env"]
