tag_keys          = ["env"]
billed_tag_keys   = ["env"]
retained_tag_keys = { old = "On" }
