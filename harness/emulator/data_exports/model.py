"""Exports of one account, with the rules of AWS Data Exports.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Billing_and_Cost_Management_Data_Exports.html,
docs.aws.amazon.com/cur/latest/userguide/dataexports-data-query.html (statements and settings, and what of them can be
changed) and dataexports-s3-bucket.html (the bucket). Nothing is ever delivered: an export stays at its first delivery.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.s3.models import s3_backends
from moto.utilities.utils import PARTITION_NAMES

from harness.cost_table import CostTable, Statement, StatementError, load_cost_tables, parse_statement
from harness.emulator.budgets.service_policy import ServiceCall, UnknownConditionError, refusal
from harness.emulator.clock import stamp, utcnow
from harness.emulator.wire import AwsError
from harness.facts import load_facts

TEST_OBJECT = "aws-programmatic-access-test-object"
_SERVICE = "bcm-data-exports.amazonaws.com"
_QUOTA_SERVICE = "AWSBillingAndCostManagementDataExports"
_COMPRESSIONS = {"PARQUET": ("PARQUET",), "TEXT_OR_CSV": ("GZIP", "ZIP")}
_REGIONS = {"aws-cn": "cn-northwest-1"}
_REGION = "us-east-1"


@dataclass(slots=True)
class Export:
    """Hold one export as it was asked for, with its table and tags."""

    arn: str
    definition: dict[str, Any]
    table: CostTable
    tags: dict[str, str]
    created: str
    updated: str
    execution_id: str = field(default="")

    @property
    def name(self) -> str:
        """Return the name that its account gave it."""
        return str(self.definition["Name"])

    @property
    def settings(self) -> Mapping[str, str]:
        """Return the settings of its table."""
        found: Mapping[str, str] = self.definition["DataQuery"]["TableConfigurations"][self.table.name]
        return found


class DataExports(BaseBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold the exports of an account by ARN; there is one place for all regions of a partition."""

    # What moto asks a module `urls` of its own for.
    url_bases = (r"https?://bcm-data-exports\.(.+)\.amazonaws\.com",)

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start without exports."""
        super().__init__(region_name, account_id)
        self.exports: dict[str, Export] = {}
        self._made: Counter[str] = Counter()

    @property
    def _url_module(self) -> Any:
        from harness.emulator.data_exports import responses  # noqa: PLC0415 (which answers by this backend)

        return responses

    def create(self, definition: dict[str, Any], tags: dict[str, str]) -> Export:
        """Create an export, once its statement, settings and bucket hold, and write AWS's test object to the bucket.

        Raises: AwsError ValidationException or ServiceQuotaExceededException.
        """
        statement, table, wanted = self._checked(definition)
        if any(each.name == definition["Name"] for each in self.exports.values()):
            raise _invalid("Export.Name", f"An export with the name {definition['Name']} already exists")
        most = load_facts().limits[table.limit]
        if sum(each.table == table for each in self.exports.values()) >= most:
            text = f"The account has {most} exports of {statement.table}, which is the most that it can have"
            members = {"QuotaCode": f"exports-of-{statement.table}", "ServiceCode": _QUOTA_SERVICE}
            raise AwsError("ServiceQuotaExceededException", text, **members)
        if fault := self.delivery_fault(wanted):
            raise _invalid("Export.DestinationConfigurations.S3Destination.S3Bucket", fault)
        destination = wanted["DestinationConfigurations"]["S3Destination"]
        self._s3.put_object(destination["S3Bucket"], TEST_OBJECT, b"")
        now, identity = stamp(utcnow()), self._new_id(str(definition["Name"]))
        region = _REGIONS.get(self.partition, _REGION)
        arn = f"arn:{self.partition}:bcm-data-exports:{region}:{self.account_id}:export/{definition['Name']}-{identity}"
        made = Export(arn, {**wanted, "ExportArn": arn}, table, tags, now, now, execution_id=self._new_id(arn))
        self.exports[arn] = made
        return made

    def update(self, export: Export, definition: dict[str, Any]) -> None:
        """Replace what an export is asked for; table and settings stay as they were made.

        Raises: AwsError ValidationException.
        """
        _, table, wanted = self._checked(definition)
        if table != export.table:
            raise _invalid("Export.DataQuery.QueryStatement", "The table of an export cannot be changed")
        if wanted["DataQuery"]["TableConfigurations"][table.name] != export.settings:
            text = "The table configurations of an export cannot be changed"
            raise _invalid("Export.DataQuery.TableConfigurations", text)
        if any(each.name == definition["Name"] for each in self.exports.values() if each is not export):
            raise _invalid("Export.Name", f"An export with the name {definition['Name']} already exists")
        if fault := self.delivery_fault(wanted):
            raise _invalid("Export.DestinationConfigurations.S3Destination.S3Bucket", fault)
        export.definition = {**wanted, "ExportArn": export.arn}
        export.updated = stamp(utcnow())

    def export(self, arn: str) -> Export:
        """Return an export. Raises: AwsError ResourceNotFoundException."""
        if arn not in self.exports:
            members = {"ResourceId": arn, "ResourceType": "export"}
            raise AwsError("ResourceNotFoundException", f"Export {arn} not found", **members)
        return self.exports[arn]

    def delivery_fault(self, definition: Mapping[str, Any]) -> str | None:
        """Return why AWS could not write to the bucket, None when it can. Raises: nothing."""
        destination = definition["DestinationConfigurations"]["S3Destination"]
        name = destination["S3Bucket"]
        bucket = self._s3.buckets.get(name)
        if bucket is None:
            return f"The bucket {name} does not exist, or belongs to another account"
        if bucket.region_name != destination["S3Region"]:
            return f"The bucket {name} is in {bucket.region_name}, not in {destination['S3Region']}"
        if bucket.policy is None:
            return f"The bucket {name} has no policy that lets {_SERVICE} write"
        region = _REGIONS.get(self.partition, _REGION)
        context = {
            "aws:principalisawsservice": "true",
            "aws:principalservicename": _SERVICE,
            "aws:securetransport": "true",
            "aws:sourceaccount": self.account_id,
            "aws:sourcearn": f"arn:{self.partition}:bcm-data-exports:{region}:{self.account_id}:export/{TEST_OBJECT}",
        }
        call = ServiceCall(_SERVICE, "s3:PutObject", f"arn:{self.partition}:s3:::{name}/{TEST_OBJECT}", context)
        try:
            found = refusal(bucket.policy.decode(), call)
        except UnknownConditionError as error:
            found = f"it depends on {error}"
        return f"The policy of the bucket {name} does not let Data Exports write: {found}" if found else None

    @property
    def _s3(self) -> Any:
        return s3_backends[self.account_id][self.partition]

    def _new_id(self, name: str) -> str:
        """Return an id in the spelling of a UUID; whatever has that name later gets another."""
        digest = hashlib.sha256(f"{self.account_id}/{name}/{self._made[name]}".encode()).hexdigest()
        self._made[name] += 1
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))

    def _checked(self, definition: dict[str, Any]) -> tuple[Statement, CostTable, dict[str, Any]]:
        """Return statement, table and the definition with what AWS adds to it."""
        query = definition["DataQuery"]
        given: Mapping[str, Mapping[str, str]] = query.get("TableConfigurations") or {}
        tables = {each.name: each for each in load_cost_tables().values()}
        types = {name: _types(table, given.get(name, {})) for name, table in tables.items()}
        try:
            statement = parse_statement(query["QueryStatement"], types)
        except StatementError as error:
            text = str(error)
            if "must be a column of the table" in text and (found := _table_of(query["QueryStatement"], tables)):
                text = f"The columns in the query provided are not a subset of the table {found}"
            raise _invalid("Export.DataQuery.QueryStatement", text) from error
        table = tables[statement.table]
        settings = self._settings(table, given)
        output = definition["DestinationConfigurations"]["S3Destination"]["S3OutputConfigurations"]
        if output["Compression"] not in _COMPRESSIONS[output["Format"]]:
            text = f"The format {output['Format']} cannot be compressed as {output['Compression']}"
            raise _invalid("Export.DestinationConfigurations.S3Destination.S3OutputConfigurations", text)
        return statement, table, {**definition, "DataQuery": {**query, "TableConfigurations": {table.name: settings}}}

    def _settings(self, table: CostTable, given: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """Return the settings of a table with the billing view, which AWS adds where it is not given."""
        at = "Export.DataQuery.TableConfigurations"
        for name in given.keys() - {table.name}:
            raise _invalid(at, f"The table {name} is not the one of the query, {table.name}")
        found = dict(given.get(table.name, {}))
        for name, value in found.items():
            if name not in table.settings:
                raise _invalid(at, f"The table {table.name} has no configuration {name}")
            if table.settings[name] and value not in table.settings[name]:
                raise _invalid(at, f"{name} must be one of {', '.join(table.settings[name])}")
        view = f"arn:{self.partition}:billing::{self.account_id}:billingview/primary"
        return found | ({"BILLING_VIEW_ARN": view} if "BILLING_VIEW_ARN" in {*table.settings} - {*found} else {})


def _types(table: CostTable, settings: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({each.name: each.type for each in table.available(settings)})


def _table_of(statement: str, tables: Mapping[str, CostTable]) -> str | None:
    return next((name for name in tables if f" {name}" in statement), None)


def _invalid(at: str, text: str) -> AwsError:
    return AwsError("ValidationException", f"{text} ({at})", Reason="fieldValidationFailed")


def listed(exports: Mapping[str, Export]) -> Iterator[Export]:
    """Yield exports in the order of their names. Raises: nothing."""
    yield from sorted(exports.values(), key=lambda each: each.name)


data_exports_backends = BackendDict(
    DataExports, "bcm-data-exports", use_boto3_regions=False, additional_regions=PARTITION_NAMES
)
