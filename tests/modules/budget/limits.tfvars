name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets = {
  planned    = { planned_limits_usd = { "2026-12" = 400, "2027-01" = 500.25, "2027-02" = 10, "2027-03" = 10, "2027-04" = 10, "2027-05" = 10, "2027-06" = 10, "2027-07" = 10, "2027-08" = 10, "2027-09" = 10, "2027-10" = 10, "2027-11" = 10 }, alerts = [{ actual_percent = 80 }] }
  historical = { auto_adjust = { type = "historical", periods = 6 }, time_unit = "quarterly", alerts = [{ actual_percent = 80 }] }
  forecast   = { auto_adjust = { type = "forecast" }, time_unit = "annually", alerts = [{ actual_percent = 80 }] }
}
