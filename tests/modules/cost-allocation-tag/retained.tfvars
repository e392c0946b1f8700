tag_keys          = ["env"]
billed_tag_keys   = ["env", "old"]
retained_tag_keys = { env = "Inactive", old = "Active" }
