"""Model `cost_exports` of an environment: what AWS exports of the bill, where to, and how it can be queried."""

from typing import Literal

from pydantic import Field

from harness.strict_model import StrictModel, Strings

TableKey = Literal["cur-2.0", "focus-1.0", "focus-1.2"]


class ExportBucket(StrictModel):
    """Describe the bucket, which tagrail makes in the home region and never empties."""

    name: str = Field(description="Name of the S3 bucket; no other account of AWS may have it.")
    expire_days: int | None = Field(None, description="Days until exported months are deleted; absent = never.")
    kms_key_arn: str | None = Field(None, description="A customer-managed key; absent = keys of S3 (AES256).")


class CostExport(StrictModel):
    """Describe one export. The settings other than granularity are those of cur-2.0."""

    table: TableKey = Field(description="Cost and Usage Report 2.0, or FOCUS with columns of AWS.")
    columns: Strings | None = Field(None, description="Columns in their order; absent = all that the table has.")
    where: str | None = Field(None, description="Condition on rows, in the SQL of Data Exports; absent = all rows.")
    granularity: Literal["hourly", "daily", "monthly"] | None = Field(
        None, description="Time that a row stands for; absent = daily. focus-1.0 has none to choose."
    )
    resources: bool | None = Field(None, description="A row for each resource; absent = true.")
    split_cost_allocation: bool | None = Field(None, description="Costs of containers; absent = false.")
    capacity_reservations: bool | None = Field(None, description="Columns of capacity reservations; absent = false.")
    iam_principals: bool | None = Field(None, description="Who called Amazon Bedrock; absent = false.")
    waived: dict[str, str] = Field({}, description="Columns that cost reports need and this export lacks: the reason.")


class Athena(StrictModel):
    """Describe database and workgroup by which the exports can be queried."""

    database: str | None = Field(None, description="Name in the Glue catalog; absent = <name>_costs.")
    workgroup: str | None = Field(None, description="Name of the workgroup; absent = <name>-costs.")
    scan_limit_gib: int = Field(100, description="GiB that one query may read.")
    results_expire_days: int = Field(30, description="Days until results of queries are deleted.")


class CostExports(StrictModel):
    """Hold the exports of the payer's bill."""

    bucket: ExportBucket
    exports: dict[str, CostExport] = Field(description="Exports by name.")
    athena: Athena | None = Field(None, description="Absent = no database and no workgroup.")
