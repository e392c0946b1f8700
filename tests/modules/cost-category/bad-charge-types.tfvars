cost_categories = { A = { rules = [{ value = "A", charge_types = ["Tax", "Recurring"], unless = { charge_types = ["Support"] } }] } }
