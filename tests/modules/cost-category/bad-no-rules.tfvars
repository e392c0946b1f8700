cost_categories = { A = { rules = [] } }
