name     = "x"
monitors = { a = { cost_category = "Unit", values = ["x", "y"] }, b = { account_ids = ["1", "2"] } }
limits   = { anomaly_monitor_accounts = 1 }
