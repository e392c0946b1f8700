name     = "x"
monitors = { m = { tag = "cost-center", values = ["Sales-*", "5045"] } }
