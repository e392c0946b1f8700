tag_keys             = ["env", "owner"]
account_tag_keys     = ["unit", "team"]
billed_tag_keys      = ["CostCenter", "accountTag/unit", "env", "old"]
deactivated_tag_keys = ["old", "never-seen"]
