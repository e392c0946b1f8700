name     = "x"
monitors = { a = { by = "service" }, b = { by = "service" } }
