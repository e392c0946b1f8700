name = "x"
tags = {}
