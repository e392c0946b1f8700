"""Render the exports of the bill, their bucket and what queries them, equal to what modules/cost-export renders in HCL.

docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html has the folders that AWS delivers to;
docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html the parameters of tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.cost_table import load_cost_tables, render_statement
from harness.documents.alert_policy import partition_of
from harness.environment import Athena, CostExport, Environment, export_columns, export_settings

FOLDER, RESULTS = "exports", "athena-results"
_SERVICES = ("bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com")
# Where the API of each partition is, which is a part of the ARN of every export.
_BILLING_REGIONS = {"aws-cn": "cn-northwest-1"}
_BILLING_REGION = "us-east-1"
_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """Hold one export: the table that SQL selects from, its settings, the statement and what it selects, in order."""

    table: str
    settings: Mapping[str, str]
    statement: str
    columns: tuple[str, ...]
    where: str | None
    bucket: str
    prefix: str
    region: str


@dataclass(frozen=True, slots=True)
class BucketDocument:
    """Hold the bucket: days by the prefix that expires after them, its key (None = AES256), and its policy."""

    name: str
    kms_key_arn: str | None
    expire_days: Mapping[str, int]
    policy: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableDocument:
    """Hold one table of the Glue catalog: columns with types in order, the place of its data, and its parameters."""

    columns: tuple[tuple[str, str], ...]
    location: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CatalogDocument:
    """Hold database and workgroup; `scan_limit` is in bytes."""

    database: str
    tables: Mapping[str, TableDocument]
    workgroup: str
    output_location: str
    kms_key_arn: str | None
    scan_limit: int


@dataclass(frozen=True, slots=True)
class CostExportDocuments:
    """Hold everything that `cost_exports` of an environment implies; exports are by the name that AWS knows."""

    exports: Mapping[str, ExportDocument]
    bucket: BucketDocument
    catalog: CatalogDocument | None


def render_cost_exports(environment: Environment) -> CostExportDocuments | None:
    """Return the documents, or None where the environment has no `cost_exports`. Raises: nothing."""
    section = environment.cost_exports
    if section is None:
        return None
    exports = {f"{environment.name}-{key}": _export(environment, export) for key, export in section.exports.items()}
    catalog = _catalog(environment, section.athena, exports) if section.athena else None
    expire = {f"{FOLDER}/": section.bucket.expire_days} if section.bucket.expire_days else {}
    if section.athena:
        expire[f"{RESULTS}/"] = section.athena.results_expire_days
    return CostExportDocuments(
        exports=dict(sorted(exports.items())),
        bucket=BucketDocument(
            section.bucket.name, section.bucket.kms_key_arn, expire, render_bucket_policy(environment)
        ),
        catalog=catalog,
    )


def render_bucket_policy(environment: Environment) -> dict[str, Any]:
    """Return the policy of the bucket: only exports of this account write, and everybody needs TLS.

    AWS writes a test object to the root of the bucket, so no prefix narrows what it may write.
    docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html. Raises: nothing.
    """
    payer, partition = environment.payer_account_id, partition_of(environment.regions.home)
    region = _BILLING_REGIONS.get(partition, _BILLING_REGION)
    bucket = f"arn:{partition}:s3:::{environment.cost_exports.bucket.name if environment.cost_exports else ''}"
    sources = [
        f"arn:{partition}:bcm-data-exports:{region}:{payer}:export/*",
        f"arn:{partition}:cur:{region}:{payer}:definition/*",
    ]
    delivery = {
        "Sid": "AllowDataExportsToDeliver",
        "Effect": "Allow",
        "Principal": {"Service": list(_SERVICES)},
        "Action": ["s3:GetBucketPolicy", "s3:PutObject"],
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": payer}, "ArnLike": {"aws:SourceArn": sources}},
    }
    transport = {
        "Sid": "DenyWithoutTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [delivery, transport]}


def glue_table_name(export: str, prefix: str) -> str:
    """Return the name of the table of an export in the Glue catalog; `prefix` is that of the environment.

    >>> glue_table_name("anycompany-cost-and-usage", "anycompany")
    'cost_and_usage'
    """
    return export.removeprefix(f"{prefix}-").replace("-", "_")


def _export(environment: Environment, export: CostExport) -> ExportDocument:
    table, columns = load_cost_tables()[export.table], export_columns(export)
    partition = partition_of(environment.regions.home)
    view = f"arn:{partition}:billing::{environment.payer_account_id}:billingview/primary"
    return ExportDocument(
        table=table.name,
        settings=export_settings(export, view),
        statement=render_statement(columns, table.name, export.where),
        columns=columns,
        where=export.where,
        bucket=environment.cost_exports.bucket.name if environment.cost_exports else "",
        prefix=FOLDER,
        region=environment.regions.home,
    )


def _catalog(environment: Environment, athena: Athena, exports: Mapping[str, ExportDocument]) -> CatalogDocument:
    name = environment.name
    bucket = environment.cost_exports.bucket.name if environment.cost_exports else ""
    return CatalogDocument(
        database=athena.database or f"{name.replace('-', '_')}_costs",
        tables={glue_table_name(export, name): _table(export, each) for export, each in sorted(exports.items())},
        workgroup=athena.workgroup or f"{name}-costs",
        output_location=f"s3://{bucket}/{RESULTS}/",
        kms_key_arn=environment.cost_exports.bucket.kms_key_arn if environment.cost_exports else None,
        scan_limit=athena.scan_limit_gib * _GIB,
    )


def _table(name: str, export: ExportDocument) -> TableDocument:
    types = {each.name: each.type for table in load_cost_tables().values() for each in table.columns}
    location = f"s3://{export.bucket}/{export.prefix}/{name}/data"
    return TableDocument(
        columns=tuple((column.lower(), types[column]) for column in export.columns),
        location=location,
        parameters={
            "classification": "parquet",
            "projection.billing_period.format": "yyyy-MM",
            "projection.billing_period.interval": "1",
            "projection.billing_period.interval.unit": "MONTHS",
            "projection.billing_period.range": "2020-01,NOW",
            "projection.billing_period.type": "date",
            "projection.enabled": "true",
            "storage.location.template": f"{location}/BILLING_PERIOD=${{billing_period}}/",
        },
    )
