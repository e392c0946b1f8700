"""Break one thing of the exports of the bill, and say which one finding must name it."""

import dataclasses
from typing import Any

from harness.state import (
    LiveCatalog,
    LiveCostExports,
    LiveExport,
    LiveExportBucket,
    LiveTable,
    LiveWorkgroup,
    State,
    Unreadable,
)
from tests.unit.verify.fault import fault

FOCUS = "anycompany-focus"


def live_exports(state: State) -> LiveCostExports:
    assert isinstance(state.cost_exports, LiveCostExports)
    return state.cost_exports


def export(state: State) -> LiveExport:
    exports = live_exports(state).exports
    assert not isinstance(exports, Unreadable)
    held = exports[FOCUS]
    assert isinstance(held, LiveExport)
    return held


def changed(state: State, **fields: Any) -> State:
    """Return the state with other parts of the exports."""
    return dataclasses.replace(state, cost_exports=dataclasses.replace(live_exports(state), **fields))


def changed_export(state: State, **fields: Any) -> State:
    exports = live_exports(state).exports
    assert not isinstance(exports, Unreadable)
    return changed(state, exports={**exports, FOCUS: dataclasses.replace(export(state), **fields)})


def changed_statement(state: State, old: str, new: str) -> State:
    statement = export(state).statement
    assert old in statement
    return changed_export(state, statement=statement.replace(old, new, 1))


def changed_bucket(state: State, **fields: Any) -> State:
    bucket = live_exports(state).bucket
    assert isinstance(bucket, LiveExportBucket)
    return changed(state, bucket=dataclasses.replace(bucket, **fields))


def changed_lifecycle(state: State, **rules: dict[str, int]) -> State:
    bucket = live_exports(state).bucket
    assert isinstance(bucket, LiveExportBucket)
    return changed_bucket(state, lifecycle={**bucket.lifecycle, **rules})


def catalog(state: State) -> LiveCatalog:
    held = live_exports(state).catalog
    assert held
    return held


def changed_table(state: State, **fields: Any) -> State:
    table = catalog(state).tables["focus"]
    assert isinstance(table, LiveTable)
    tables = {**catalog(state).tables, "focus": dataclasses.replace(table, **fields)}
    return changed(state, catalog=dataclasses.replace(catalog(state), tables=tables))


def changed_workgroup(state: State, **fields: Any) -> State:
    group = catalog(state).workgroup
    assert isinstance(group, LiveWorkgroup)
    return changed(state, catalog=dataclasses.replace(catalog(state), workgroup=dataclasses.replace(group, **fields)))


def table(state: State) -> LiveTable:
    held = catalog(state).tables["focus"]
    assert isinstance(held, LiveTable)
    return held


@fault("cost export", FOCUS, "no such export")
def export_deleted(state: State) -> State:
    exports = live_exports(state).exports
    assert not isinstance(exports, Unreadable)
    return changed(state, exports={name: each for name, each in exports.items() if name != FOCUS})


@fault("cost export", f"{FOCUS}: columns", "lacks Tags")
def column_dropped(state: State) -> State:
    return changed_statement(state, "Tags, ", "")


@fault("cost export", f"{FOCUS}: columns", "another order")
def columns_in_another_order(state: State) -> State:
    return changed_statement(state, "x_Operation, x_ServiceCode", "x_ServiceCode, x_Operation")


@fault("cost export", f"{FOCUS}: columns", "has Tags AS labels besides")
def column_renamed(state: State) -> State:
    return changed_statement(state, "Tags, ", "Tags AS labels, ")


@fault("cost export", f"{FOCUS}: filter", "BilledCost > 100")
def filter_changed(state: State) -> State:
    return changed_statement(state, "BilledCost <> 0", "BilledCost > 100")


@fault("cost export", f"{FOCUS}: rows", "1000 at most")
def rows_limited(state: State) -> State:
    return changed_export(state, statement=f"{export(state).statement} limit 1000")


@fault("cost export", f"{FOCUS}: statement", "SELECT DISTINCT")
def rows_made_distinct(state: State) -> State:
    return changed_statement(state, "SELECT ", "SELECT DISTINCT ")


@fault("cost export", f"{FOCUS}: statement", "ORDER BY BilledCost")
def rows_ordered(state: State) -> State:
    return changed_export(state, statement=f"{export(state).statement} ORDER BY BilledCost LIMIT 10")


@fault("cost export", f"{FOCUS}: statement", "SELECT *")
def statement_unreadable(state: State) -> State:
    return changed_export(state, statement="SELECT * FROM FOCUS_1_2_AWS")


@fault("cost export", f"{FOCUS}: TIME_GRANULARITY", "MONTHLY")
def granularity_coarser(state: State) -> State:
    return changed_export(state, settings={"FOCUS_1_2_AWS": {"TIME_GRANULARITY": "MONTHLY"}})


@fault("cost export", f"{FOCUS}: destination", "s3://elsewhere/exports")
def delivered_elsewhere(state: State) -> State:
    return changed_export(state, bucket="elsewhere")


@fault("cost export", f"{FOCUS}: output", "CREATE_NEW_REPORT")
def each_delivery_kept(state: State) -> State:
    return changed_export(state, output={**export(state).output, "Overwrite": "CREATE_NEW_REPORT"})


@fault("cost export", f"{FOCUS}: delivery", "INSUFFICIENT_PERMISSION")
def delivery_failed(state: State) -> State:
    return changed_export(state, status="UNHEALTHY (INSUFFICIENT_PERMISSION)")


@fault("cost export", "bucket", "no such bucket")
def bucket_deleted(state: State) -> State:
    return changed(state, bucket=None)


@fault("cost export", "bucket policy: DenyWithoutTls", "no such statement")
def bucket_policy_loosened(state: State) -> State:
    bucket = live_exports(state).bucket
    assert isinstance(bucket, LiveExportBucket)
    assert bucket.policy
    kept = [each for each in bucket.policy["Statement"] if each["Sid"] != "DenyWithoutTls"]
    return changed_bucket(state, policy={**bucket.policy, "Statement": kept})


@fault("cost export", "bucket: encryption", "aws:kms")
def bucket_encrypted_otherwise(state: State) -> State:
    return changed_bucket(state, algorithm="aws:kms", kms_key_arn="arn:aws:kms:eu-central-1:111111111111:key/1")


@fault("cost export", "bucket: public access", "BlockPublicAcls, IgnorePublicAcls")
def bucket_opened(state: State) -> State:
    return changed_bucket(state, public_access={"BlockPublicAcls": True, "IgnorePublicAcls": True})


@fault("cost export", "bucket: versioning", "Suspended")
def versioning_suspended(state: State) -> State:
    return changed_bucket(state, versioning="Suspended")


@fault("cost export", "bucket: object ownership", "ObjectWriter")
def access_by_lists(state: State) -> State:
    return changed_bucket(state, ownership="ObjectWriter")


@fault("cost export", "bucket: expiry", "everything after 30 days")
def bucket_expires(state: State) -> State:
    return changed_lifecycle(state, expiry={"": 30, "athena-results/": 30, "exports/": 1100})


@fault("cost export", "bucket: expiry", "exports/ tagged keep=no after 1100 days")
def bucket_expires_in_part(state: State) -> State:
    return changed_lifecycle(state, expiry={"athena-results/": 30, "exports/ tagged keep=no": 1100})


@fault("cost export", "bucket: expiry of earlier versions", "never")
def earlier_versions_stay(state: State) -> State:
    return changed_lifecycle(state, **{"expiry of earlier versions": {}})


@fault("cost export", "bucket: end of unfinished uploads", "everything after 90 days")
def uploads_stay(state: State) -> State:
    return changed_lifecycle(state, **{"end of unfinished uploads": {"": 90}})


@fault("cost export", "bucket: transition to GLACIER", "everything after 30 days")
def bucket_moved_to_an_archive(state: State) -> State:
    return changed_lifecycle(state, **{"transition to GLACIER": {"": 30}})


@fault("cost export", "table focus", "no such table")
def table_deleted(state: State) -> State:
    tables = {name: each for name, each in catalog(state).tables.items() if name != "focus"}
    return changed(state, catalog=dataclasses.replace(catalog(state), tables=tables))


@fault("cost export", "table focus: columns", "lacks tags map<string,string>; has tags string besides")
def column_of_another_type(state: State) -> State:
    columns = tuple((name, "string" if name == "tags" else kind) for name, kind in table(state).columns)
    return changed_table(state, columns=columns)


@fault("cost export", "table focus: projection.billing_period.range", "2026-01,NOW")
def projection_shortened(state: State) -> State:
    parameters = {**table(state).parameters, "projection.billing_period.range": "2026-01,NOW"}
    return changed_table(state, parameters=parameters)


@fault("cost export", "table focus: location", "s3://elsewhere")
def table_elsewhere(state: State) -> State:
    return changed_table(state, location="s3://elsewhere/")


@fault("cost export", "table focus: partitions", "month string")
def partitioned_otherwise(state: State) -> State:
    return changed_table(state, partitions=(("month", "string"),))


@fault("cost export", "table focus: format", "OpenCSVSerde")
def table_of_another_format(state: State) -> State:
    return changed_table(state, serde="org.apache.hadoop.hive.serde2.OpenCSVSerde")


@fault("cost export", "workgroup anycompany-costs", "no such workgroup")
def workgroup_deleted(state: State) -> State:
    return changed(state, catalog=dataclasses.replace(catalog(state), workgroup=None))


@fault("cost export", "table focus: storage.location.template", "BILLING_PERIOD=${billing_period}")
def folders_of_months_without_a_slash(state: State) -> State:
    name = "storage.location.template"
    held = table(state).parameters
    assert held[name].endswith("/")
    return changed_table(state, parameters={**held, name: held[name].rstrip("/")})


@fault("cost export", "workgroup anycompany-costs: settings", "left to each query")
def workgroup_not_enforced(state: State) -> State:
    return changed_workgroup(state, enforced=False)


@fault("cost export", "workgroup anycompany-costs: state", "DISABLED")
def workgroup_disabled(state: State) -> State:
    return changed_workgroup(state, enabled=False)


@fault("cost export", "workgroup anycompany-costs: bytes that a query may read", "no limit")
def scan_limit_removed(state: State) -> State:
    return changed_workgroup(state, scan_limit=None)


@fault("cost export", "workgroup anycompany-costs: encryption", "none")
def results_not_encrypted(state: State) -> State:
    return changed_workgroup(state, encryption=None)


@fault("cost export", "workgroup anycompany-costs: output location", "s3://elsewhere/")
def results_elsewhere(state: State) -> State:
    return changed_workgroup(state, output_location="s3://elsewhere/")
