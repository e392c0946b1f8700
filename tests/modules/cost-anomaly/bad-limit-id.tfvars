name   = "x"
limits = { anomaly = 1 }
