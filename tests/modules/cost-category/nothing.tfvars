cost_categories = {}
