"""Sum a bill by plain SQL, with no dictionary and no report: the least that DuckDB needs for the report's tables."""

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
        f"cast(line_item_unblended_cost as {MONEY}) as cost, resource_tags as tags "
        f"from read_parquet('{sys.argv[1]}/**/*.parquet')"
    )
    cells = connection.execute(
        "create table cells as select month, account, service, region, kind, resource <> '' as has_resource, "
        "case when service like '%SageMaker%' then usage end as usage, tags, sum(cost) as cost, count(*) as lines "
        "from bill group by all"
    )
    days = connection.execute(
        "select day, service, account, sum(cost) from bill group by grouping sets ((day, service), (day, account))"
    ).fetchall()
    worst = connection.execute(
        "select resource, account, service, region, tags, sum(cost) as cost from bill "
        f"where resource <> '' and ({BAD}) "
        "group by all order by cost desc limit 1000"
    ).fetchall()
    print(connection.execute("select count(*), sum(cost), sum(lines) from cells").fetchall(), len(days), len(worst))
