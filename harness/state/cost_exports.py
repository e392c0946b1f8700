"""Read the exports of the bill, their bucket with everything that protects it, and what queries them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from harness.state.alerts import read_key
from harness.state.model import (
    LiveCatalog,
    LiveCostExports,
    LiveExport,
    LiveExportBucket,
    LiveTable,
    LiveWorkgroup,
    Unreadable,
)
from harness.state.reading import json_object, read, read_each

_PAGE = 1000
_NO_ENTITY = "EntityNotFoundException"
EXPIRY, EARLIER, UPLOADS = "expiry", "expiry of earlier versions", "end of unfinished uploads"


@dataclass(frozen=True, slots=True)
class CatalogScope:
    """Name database, tables and workgroup."""

    database: str
    tables: tuple[str, ...]
    workgroup: str


@dataclass(frozen=True, slots=True)
class CostExportScope:
    """Say what to read: exports of these names, the bucket, and the catalog and the customer's key where there are."""

    exports: frozenset[str]
    bucket: str
    catalog: CatalogScope | None = None
    kms_key_arn: str | None = None


@dataclass(frozen=True, slots=True)
class CostExportClients:
    """Hold the boto3 clients that reading takes, all of the home region."""

    data_exports: Any
    s3: Any
    glue: Any
    athena: Any
    kms: Any


def read_cost_exports(clients: CostExportClients, scope: CostExportScope) -> LiveCostExports:
    """Return the state; each part that cannot be read is Unreadable. Raises: nothing of AWS's."""
    return LiveCostExports(
        exports=read(partial(_exports, clients.data_exports, scope.exports)),
        bucket=read(partial(_bucket, clients.s3, scope.bucket)),
        catalog=_catalog(clients, scope.catalog) if scope.catalog else None,
        key=read(partial(read_key, clients.kms, scope.kms_key_arn)) if scope.kms_key_arn else None,
    )


def read_bucket_size(s3: Any, bucket: str) -> int | None:
    """Return how many objects and versions a bucket holds, counted to 1,000; None where there is no such bucket.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    try:
        found = s3.list_object_versions(Bucket=bucket, MaxKeys=_PAGE)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return None
        raise
    return len(found.get("Versions", ())) + len(found.get("DeleteMarkers", ()))


def _exports(client: Any, names: frozenset[str]) -> Mapping[str, LiveExport | Unreadable]:
    pages = client.get_paginator("list_exports").paginate()
    arns = {found["ExportName"]: found["ExportArn"] for page in pages for found in page["Exports"]}
    wanted = {name: arns[name] for name in sorted(names & arns.keys())}
    return read_each(lambda name: _export(client, wanted[name]), wanted)


def _export(client: Any, arn: str) -> LiveExport:
    answer = client.get_export(ExportArn=arn)
    export, status = answer["Export"], answer.get("ExportStatus") or {}
    query, destination = export["DataQuery"], export["DestinationConfigurations"]["S3Destination"]
    reason = status.get("StatusReason")
    return LiveExport(
        arn=arn,
        statement=query["QueryStatement"],
        settings=query.get("TableConfigurations") or {},
        bucket=destination["S3Bucket"],
        prefix=destination["S3Prefix"],
        region=destination["S3Region"],
        output=destination["S3OutputConfigurations"],
        status=" ".join(filter(None, (status.get("StatusCode", ""), f"({reason})" if reason else ""))),
    )


def _bucket(s3: Any, name: str) -> LiveExportBucket | None:
    """Return the bucket; None where there is none of that name."""
    try:
        versioning = s3.get_bucket_versioning(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return None
        raise
    ask = partial(_setting, s3, name)
    encryption = ask("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError") or {}
    rules = encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    usual = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
    policy = ask("get_bucket_policy", "NoSuchBucketPolicy")
    access = ask("get_public_access_block", "NoSuchPublicAccessBlockConfiguration") or {}
    lifecycle = ask("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration") or {}
    ownership = ask("get_bucket_ownership_controls", "OwnershipControlsNotFoundError") or {}
    owners = ownership.get("OwnershipControls", {}).get("Rules", [])
    return LiveExportBucket(
        name=name,
        policy=json_object(policy["Policy"], f"policy of {name}") if policy else None,
        algorithm=usual.get("SSEAlgorithm"),
        kms_key_arn=usual.get("KMSMasterKeyID"),
        public_access={key: bool(value) for key, value in access.get("PublicAccessBlockConfiguration", {}).items()},
        versioning=versioning.get("Status", "never enabled"),
        ownership=owners[0]["ObjectOwnership"] if owners else "ObjectWriter",
        lifecycle=_lifecycle(lifecycle.get("Rules", ())),
    )


def _setting(s3: Any, name: str, operation: str, absent: str) -> Mapping[str, Any] | None:
    """Return a setting of the bucket; None where AWS says with `absent` that it has none."""
    ask: Callable[..., Mapping[str, Any]] = getattr(s3, operation)
    try:
        return ask(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == absent:
            return None
        raise


def _lifecycle(rules: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return the days of rules that are enabled; of several with the same objects the shortest."""
    found: dict[str, dict[str, int]] = {}
    for rule in rules:
        objects = _objects(rule)
        for action, days in _actions(rule) if rule.get("Status") == "Enabled" else ():
            held = found.setdefault(action, {})
            held[objects] = min(days, held.get(objects, days))
    return found


def _actions(rule: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield what a rule does, and after how many days; one by date counts as 0 days.

    docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html.
    """
    expiration, earlier = rule.get("Expiration") or {}, rule.get("NoncurrentVersionExpiration") or {}
    if expiration.keys() & {"Days", "Date"}:
        yield EXPIRY, int(expiration.get("Days", 0))
    if earlier:
        kept = earlier.get("NewerNoncurrentVersions")
        yield f"{EARLIER} but the newest {kept}" if kept else EARLIER, int(earlier.get("NoncurrentDays", 0))
    if uploads := rule.get("AbortIncompleteMultipartUpload"):
        yield UPLOADS, int(uploads.get("DaysAfterInitiation", 0))
    for move in rule.get("Transitions") or ():
        yield f"transition to {move['StorageClass']}", int(move.get("Days", 0))
    for move in rule.get("NoncurrentVersionTransitions") or ():
        yield f"transition of earlier versions to {move['StorageClass']}", int(move.get("NoncurrentDays", 0))


def _objects(rule: Mapping[str, Any]) -> str:
    """Return the prefix of the objects that a rule is about, and behind it what narrows them further."""
    given = rule.get("Filter") or {}
    given = {**given, **(given.get("And") or {})}
    tags = [*([given["Tag"]] if given.get("Tag") else []), *(given.get("Tags") or ())]
    further = [f"tagged {tag['Key']}={tag['Value']}" for tag in tags]
    further += [f"{name} {given[name]}" for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan") if name in given]
    return " ".join([str(rule.get("Prefix") or given.get("Prefix") or ""), *further])


def _catalog(clients: CostExportClients, scope: CatalogScope) -> LiveCatalog:
    return LiveCatalog(
        database=read(partial(_has_database, clients.glue, scope.database)),
        tables=read_each(partial(_table, clients.glue, scope.database), scope.tables),
        workgroup=read(partial(_workgroup, clients.athena, scope.workgroup)),
    )


def _has_database(glue: Any, name: str) -> bool:
    try:
        glue.get_database(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == _NO_ENTITY:
            return False
        raise
    return True


def _table(glue: Any, database: str, name: str) -> LiveTable | None:
    try:
        found = glue.get_table(DatabaseName=database, Name=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] == _NO_ENTITY:
            return None
        raise
    storage = found.get("StorageDescriptor") or {}
    return LiveTable(
        columns=tuple((column["Name"], column.get("Type", "")) for column in storage.get("Columns", ())),
        partitions=tuple((column["Name"], column.get("Type", "")) for column in found.get("PartitionKeys", ())),
        location=storage.get("Location", ""),
        serde=(storage.get("SerdeInfo") or {}).get("SerializationLibrary", ""),
        parameters=found.get("Parameters") or {},
    )


def _workgroup(athena: Any, name: str) -> LiveWorkgroup | None:
    try:
        found = athena.get_work_group(WorkGroup=name)["WorkGroup"]
    except ClientError as error:
        # Athena has no code of its own for what is not there.
        if error.response["Error"]["Code"] == "InvalidRequestException" and "not found" in str(error):
            return None
        raise
    configuration = found.get("Configuration") or {}
    results = configuration.get("ResultConfiguration") or {}
    encryption = results.get("EncryptionConfiguration") or {}
    return LiveWorkgroup(
        enabled=found.get("State", "ENABLED") == "ENABLED",
        enforced=bool(configuration.get("EnforceWorkGroupConfiguration")),
        output_location=results.get("OutputLocation", ""),
        encryption=encryption.get("EncryptionOption"),
        kms_key_arn=encryption.get("KmsKey"),
        scan_limit=configuration.get("BytesScannedCutoffPerQuery"),
    )
