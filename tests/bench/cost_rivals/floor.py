"""Sum a bill by plain SQL, with no dictionary and no report: the least that DuckDB needs for the report's tables.

Tags are grouped by their hash, which takes half the time of grouping by the maps themselves.
"""

import os
import sys
import tempfile

import duckdb

MONEY = "DECIMAL(38, 12)"
BAD = (
    "coalesce(tags['user_anycompany_workload_application_id'], '') = '' "
    "or tags['user_anycompany_workload_environment'] not in ('dev', 'test', 'prod') "
    "or coalesce(tags['user_anycompany_finance_owner'], '') = '' "
    "or coalesce(tags['user_anycompany_finance_business_unit'], '') = '' "
    "or coalesce(tags['user_anycompany_finance_cost_center'], '') = '' "
    "or coalesce(tags['user_anycompany_security_data_classification'], '') = ''"
)

with tempfile.TemporaryDirectory() as scratch:
    connection = duckdb.connect()
    connection.execute(f"set temp_directory = '{scratch}'")
    connection.execute("set memory_limit = '1500MiB'; set preserve_insertion_order = false")
    connection.execute(f"set threads = {os.cpu_count()}")
    connection.execute(
        "create view bill as select bill_billing_period_start_date as month, line_item_usage_start_date as day, "
        "line_item_usage_account_id as account, product_servicename as service, product_region_code as region, "
        "line_item_line_item_type as kind, line_item_resource_id as resource, line_item_usage_type as usage, "
        "line_item_product_code as code, resource_tags as tags, cost_category as categories, "
        "cast(case when kind in ('SavingsPlanCoveredUsage', 'SavingsPlanNegation') then 0 "
        f"else line_item_unblended_cost end as {MONEY}) as billed, cast(case kind "
        "when 'SavingsPlanCoveredUsage' then savings_plan_savings_plan_effective_cost "
        "when 'SavingsPlanNegation' then 0 when 'DiscountedUsage' then reservation_effective_cost "
        "when 'RIFee' then reservation_unused_recurring_fee "
        "+ reservation_unused_amortized_upfront_fee_for_billing_period "
        "when 'SavingsPlanRecurringFee' then savings_plan_total_commitment_to_date - savings_plan_used_commitment "
        f"else line_item_unblended_cost end as {MONEY}) as effective "
        f"from read_parquet('{sys.argv[1]}/**/*.parquet')"
    )
    sums = "sum(billed) as billed, sum(effective) as effective, count(*) as lines"
    connection.execute(
        "create table labels as select hash(tags) as t, hash(categories) as c, any_value(tags) as tags, "
        "any_value(categories) as categories from bill group by all"
    )
    connection.execute(
        "create table cells as select month, account, service, code, region, kind, resource <> '' as has_resource, "
        "case when service like '%SageMaker%' then usage end as usage, hash(tags) as t, hash(categories) as c, "
        f"{sums} from bill group by all"
    )
    days = connection.execute(
        f"select day, service, account, {sums} from bill group by grouping sets ((day, service), (day, account))"
    ).fetchall()
    worst = connection.execute(
        f"select resource, account, service, region, t, {sums} from (select *, hash(tags) as t from bill) "
        f"where resource <> '' and t in (select t from labels where {BAD}) "
        "group by all order by effective desc limit 1000"
    ).fetchall()
    totals = connection.execute("select count(*), sum(billed), sum(effective), sum(lines) from cells").fetchall()
    print(totals, len(days), len(worst))
