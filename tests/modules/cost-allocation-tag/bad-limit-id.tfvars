tag_keys        = ["env"]
billed_tag_keys = ["env"]
limits          = { active = 5 }
