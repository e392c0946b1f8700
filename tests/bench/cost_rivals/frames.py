"""Sum a bill with pandas: the same groups as plain SQL, a frame for each month, which is what memory holds."""

import sys
from pathlib import Path

import pandas
import pyarrow.parquet

KEYS = (
    "user_anycompany_workload_application_id",
    "user_anycompany_workload_environment",
    "user_anycompany_finance_owner",
    "user_anycompany_finance_business_unit",
    "user_anycompany_finance_cost_center",
    "user_anycompany_security_data_classification",
)
COLUMNS = {
    "bill_billing_period_start_date": "month",
    "line_item_usage_start_date": "day",
    "line_item_usage_account_id": "account",
    "product_servicename": "service",
    "product_region_code": "region",
    "line_item_line_item_type": "kind",
    "line_item_resource_id": "resource",
    "line_item_unblended_cost": "cost",
    "savings_plan_savings_plan_effective_cost": "covered",
    "reservation_effective_cost": "discounted",
    "resource_tags": "tags",
}
cells, days, worst = [], [], []
for file in sorted(Path(sys.argv[1]).rglob("*.parquet")):
    frame = pyarrow.parquet.read_table(file, columns=list(COLUMNS)).to_pandas().rename(columns=COLUMNS)
    held = [dict(pairs) for pairs in frame.pop("tags")]
    for key in KEYS:
        frame[key] = [tags.get(key) for tags in held]
    usage, discounted = frame["kind"] == "SavingsPlanCoveredUsage", frame["kind"] == "DiscountedUsage"
    frame["effective"] = frame["cost"].mask(usage, frame["covered"]).mask(discounted, frame["discounted"])
    by = ["month", "account", "service", "region", "kind", *KEYS]
    sums = {name: (name, "sum") for name in ("cost", "effective")}
    cells.append(frame.groupby(by, dropna=False, observed=True).agg(**sums, count=("cost", "count")))
    days.append(frame.groupby(["day", "service"]).agg(**sums))
    days.append(frame.groupby(["day", "account"]).agg(**sums))
    bad = frame[(frame["resource"] != "") & frame[list(KEYS)].isna().any(axis=1)]
    worst.append(bad.groupby(["resource", "account", "service", "region"])["effective"].sum())
total = pandas.concat(cells)
print(
    len(total),
    total["cost"].sum(),
    total["count"].sum(),
    pandas.concat(worst).groupby(level=0).sum().nlargest(1000).shape,
)
