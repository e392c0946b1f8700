account_id = "111111111111"
region     = "eu-central-1"
name       = "case"
bucket     = { name = "case-billing", expire_days = 400, kms_key_arn = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd" }
exports = {
  by-day = { table = "focus-1.2", where = "NOT (ServiceName = 'a b' OR BilledCost <= -0.5)" }
  cur    = { table = "cur-2.0", granularity = "monthly", resources = false, split_cost_allocation = true }
}
athena        = { database = "bill", workgroup = "queries", scan_limit_gib = 5, results_expire_days = 7 }
resource_tags = { owner = "ml" }
