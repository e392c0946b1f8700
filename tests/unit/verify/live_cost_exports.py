"""Exports of the bill in which everything that an environment implies holds."""

from harness.documents import CostExportDocuments, render_cost_exports
from harness.environment import Environment
from harness.state import LiveCatalog, LiveCostExports, LiveExport, LiveExportBucket, LiveTable, LiveWorkgroup
from harness.state.cost_exports import EARLIER, EXPIRY, UPLOADS

_ACCESS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_OUTPUT = {"Compression": "PARQUET", "Format": "PARQUET", "OutputType": "CUSTOM", "Overwrite": "OVERWRITE_REPORT"}


def live_cost_exports(environment: Environment) -> LiveCostExports | None:
    documents = render_cost_exports(environment)
    if documents is None:
        return None
    bucket = documents.bucket
    return LiveCostExports(
        exports={
            name: LiveExport(
                arn=f"arn:aws:bcm-data-exports:us-east-1:111111111111:export/{name}-1",
                statement=each.statement,
                settings={each.table: each.settings},
                bucket=each.bucket,
                prefix=each.prefix,
                region=each.region,
                output=_OUTPUT,
                status="HEALTHY",
            )
            for name, each in documents.exports.items()
        },
        bucket=LiveExportBucket(
            name=bucket.name,
            policy=bucket.policy,
            algorithm="aws:kms" if bucket.kms_key_arn else "AES256",
            kms_key_arn=bucket.kms_key_arn,
            public_access=dict.fromkeys(_ACCESS, True),
            versioning="Enabled",
            ownership="BucketOwnerEnforced",
            lifecycle={EXPIRY: bucket.expire_days, EARLIER: {"": 30}, UPLOADS: {"": 7}},
        ),
        catalog=_catalog(documents),
    )


def _catalog(documents: CostExportDocuments) -> LiveCatalog | None:
    catalog = documents.catalog
    if catalog is None:
        return None
    serde = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    tables = {
        name: LiveTable(each.columns, (("billing_period", "string"),), each.location, serde, each.parameters)
        for name, each in catalog.tables.items()
    }
    encryption = "SSE_KMS" if catalog.kms_key_arn else "SSE_S3"
    group = LiveWorkgroup(
        enabled=True,
        enforced=True,
        output_location=catalog.output_location,
        encryption=encryption,
        kms_key_arn=catalog.kms_key_arn,
        scan_limit=catalog.scan_limit,
    )
    return LiveCatalog(database=True, tables=tables, workgroup=group)
