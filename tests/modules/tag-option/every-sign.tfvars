values_by_key = { "a=b" = ["c"], a = ["b=c"], "ünit/sub" = ["R=D+1@home", "a b/c_x.z:1-"] }
