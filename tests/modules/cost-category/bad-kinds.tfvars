cost_categories = { A = { rules = [{ value = "A", inherit_tag = "x" }, {}, { inherit = "name" }] } }
