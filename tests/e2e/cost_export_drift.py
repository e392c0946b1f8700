"""Drifts of the exports of the bill: what somebody does by hand to exports, bucket, tables and workgroup."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

BUCKET = "anycompany-billing-111111111111"
WORKGROUP = "anycompany-costs"


def export(tagrail: Any, name: str) -> dict[str, Any]:
    client = tagrail.client("bcm-data-exports")
    arns = {each["ExportName"]: each["ExportArn"] for each in client.list_exports()["Exports"]}
    found: dict[str, Any] = client.get_export(ExportArn=arns[name])["Export"]
    return found


@contextmanager
def statement_changed(tagrail: Any, old: str, new: str) -> Iterator[None]:
    client, before = tagrail.client("bcm-data-exports"), export(tagrail, "anycompany-focus")
    statement = before["DataQuery"]["QueryStatement"]
    assert old in statement
    query = {**before["DataQuery"], "QueryStatement": statement.replace(old, new, 1)}
    client.update_export(ExportArn=before["ExportArn"], Export={**before, "DataQuery": query})
    yield
    client.update_export(ExportArn=before["ExportArn"], Export=before)


def export_column_dropped(tagrail: Any) -> AbstractContextManager[None]:
    return statement_changed(tagrail, "Tags, ", "")


def export_columns_moved(tagrail: Any) -> AbstractContextManager[None]:
    return statement_changed(tagrail, "BilledCost, BillingAccountId", "BillingAccountId, BilledCost")


def export_filter_dropped(tagrail: Any) -> AbstractContextManager[None]:
    return statement_changed(tagrail, " WHERE BilledCost <> 0", "")


@contextmanager
def bucket_policy_changed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("s3")
    before = client.get_bucket_policy(Bucket=BUCKET)["Policy"]
    changed = json.loads(before)
    changed["Statement"] = [each for each in changed["Statement"] if each["Sid"] != "DenyWithoutTls"]
    client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(changed))
    yield
    client.put_bucket_policy(Bucket=BUCKET, Policy=before)


@contextmanager
def bucket_opened(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("s3")
    before = client.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    client.delete_public_access_block(Bucket=BUCKET)
    yield
    client.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=before)


@contextmanager
def versioning_suspended(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("s3")
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    yield
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


@contextmanager
def bucket_expires(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("s3")
    before = client.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    changed = [{**rule, "Expiration": {"Days": 30}} if "Expiration" in rule else rule for rule in before]
    client.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": changed})
    yield
    client.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": before})


@contextmanager
def table_changed(tagrail: Any, change: Callable[[dict[str, Any]], object]) -> Iterator[None]:
    client = tagrail.client("glue")
    found = client.get_table(DatabaseName="anycompany_costs", Name="focus")["Table"]
    kept = ("Name", "Description", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
    before = {name: found[name] for name in kept}
    changed = json.loads(json.dumps(before))
    change(changed)
    client.update_table(DatabaseName="anycompany_costs", TableInput=changed)
    yield
    client.update_table(DatabaseName="anycompany_costs", TableInput=before)


def table_column_dropped(tagrail: Any) -> AbstractContextManager[None]:
    return table_changed(tagrail, lambda table: table["StorageDescriptor"]["Columns"].pop())


def table_projection_off(tagrail: Any) -> AbstractContextManager[None]:
    return table_changed(tagrail, lambda table: table["Parameters"].update({"projection.enabled": "false"}))


@contextmanager
def scan_limit_removed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("athena")
    found = client.get_work_group(WorkGroup=WORKGROUP)["WorkGroup"]["Configuration"]
    limit = found["BytesScannedCutoffPerQuery"]
    client.update_work_group(WorkGroup=WORKGROUP, ConfigurationUpdates={"RemoveBytesScannedCutoffPerQuery": True})
    yield
    client.update_work_group(WorkGroup=WORKGROUP, ConfigurationUpdates={"BytesScannedCutoffPerQuery": limit})


def export_deleted(tagrail: Any) -> None:
    client = tagrail.client("bcm-data-exports")
    client.delete_export(ExportArn=export(tagrail, "anycompany-cost-and-usage")["ExportArn"])


_TABLE = "table focus"
CASES = (
    (export_column_dropped, "cost export", "anycompany-focus: columns"),
    (export_columns_moved, "cost export", "anycompany-focus: columns"),
    (export_filter_dropped, "cost export", "anycompany-focus: filter"),
    (bucket_policy_changed, "cost export", "bucket policy: DenyWithoutTls"),
    (bucket_opened, "cost export", "bucket: public access"),
    (versioning_suspended, "cost export", "bucket: versioning"),
    (bucket_expires, "cost export", "bucket: expiry"),
    (table_column_dropped, "cost export", f"{_TABLE}: columns"),
    (table_projection_off, "cost export", f"{_TABLE}: projection.enabled"),
    (scan_limit_removed, "cost export", f"workgroup {WORKGROUP}: bytes that a query may read"),
)
