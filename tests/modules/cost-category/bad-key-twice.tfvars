cost_categories = { A = { rules = [{ per_value_of = { keys = ["bu", "BU"], values = ["x"] }, tags = { BU = ["y"] }, unless = { tags = { bu = ["x"] } } }] } }
