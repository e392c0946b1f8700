name = "x"

