cost_categories = {}
limits          = { cost_categories = 1 }
