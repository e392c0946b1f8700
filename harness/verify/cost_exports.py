"""Compare the exports of the bill, their bucket and what queries them with what the environment implies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.cost_table import StatementError, load_cost_tables, parse_statement
from harness.documents import BucketDocument, CatalogDocument, CostExportDocuments, ExportDocument, TableDocument
from harness.finding import Finding
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
from harness.state.cost_exports import EARLIER, EXPIRY, UPLOADS
from harness.verify.resource_policy import statement_findings
from harness.verify.unreadable import unknown

EXPORT = "cost export"
_WHERE = "billing"
_READ_EXPORTS = "bcm-data-exports:ListExports and bcm-data-exports:GetExport"
_READ_BUCKET = "s3:GetBucket*, s3:GetEncryptionConfiguration and s3:GetLifecycleConfiguration"
_READ_TABLE, _READ_WORKGROUP = "glue:GetTable", "athena:GetWorkGroup"
_OUTPUT = {
    "Compression": "PARQUET",
    "Format": "PARQUET",
    "OutputType": "CUSTOM",
    "Overwrite": "OVERWRITE_REPORT",
}
_SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
_PARTITIONS = (("billing_period", "string"),)
_ACCESS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_SHOWN = 6
_EARLIER_DAYS, _UPLOAD_DAYS = 30, 7  # as modules/cost-export/bucket.tf has them


@dataclass(frozen=True, slots=True)
class _Fact:
    """Hold what one subject has and must have."""

    subject: str
    held: str
    must: str


def cost_export_findings(wanted: CostExportDocuments | None, state: State, apply: str) -> Iterator[Finding]:
    """Yield a finding for each fault of an export, the bucket, a table or the workgroup, or that it has none.

    Raises: nothing.
    """
    if wanted is None:
        return
    live = state.cost_exports
    if live is None or isinstance(live, Unreadable):
        part = live if isinstance(live, Unreadable) else Unreadable("nothing asked for it")
        yield unknown(EXPORT, _WHERE, "all", part, _READ_EXPORTS)
        return
    bucket = tuple(_bucket(wanted.bucket, live, apply))
    yield from _exports(wanted, live, bucket, apply)
    yield from bucket
    if wanted.catalog and live.catalog:
        yield from _catalog(wanted.catalog, live.catalog, apply)


def _judged(where: str, subject: str, facts: Sequence[_Fact], apply: str) -> Iterator[Finding]:
    """Yield a finding for each fact that does not hold, or that the subject holds."""
    faults = [fact for fact in facts if fact.held != fact.must]
    for fact in faults:
        yield Finding(EXPORT, where, f"{subject}: {fact.subject}", "fail", fact.held, fact.must, f"Do run {apply}")
    if not faults:
        yield Finding(EXPORT, where, subject, "pass", "as rendered", "as rendered")


def _exports(
    wanted: CostExportDocuments, live: LiveCostExports, bucket: Sequence[Finding], apply: str
) -> Iterator[Finding]:
    if isinstance(live.exports, Unreadable):
        yield unknown(EXPORT, _WHERE, "all exports", live.exports, _READ_EXPORTS)
        return
    cause = next((each.subject for each in bucket if each.verdict == "fail"), "")
    for name, document in wanted.exports.items():
        held = live.exports.get(name)
        if held is None:
            yield Finding(EXPORT, _WHERE, name, "fail", "no such export", document.statement, f"Do run {apply}")
        elif isinstance(held, Unreadable):
            yield unknown(EXPORT, _WHERE, name, held, _READ_EXPORTS)
        else:
            yield from _judged(_WHERE, name, tuple(_facts(document, held)), apply)
            yield from _delivery(name, held, cause)


def _facts(document: ExportDocument, held: LiveExport) -> Iterator[_Fact]:
    types = {each.name: {column.name: column.type for column in each.columns} for each in load_cost_tables().values()}
    try:
        statement = parse_statement(held.statement, types)
    except StatementError:
        # Whatever it selects, it is not what was rendered.
        yield _Fact("statement", held.statement, document.statement)
    else:
        yield _Fact("table", statement.table, document.table)
        columns = tuple(source if source == name else f"{source} AS {name}" for source, name in statement.columns)
        yield _difference("columns", columns, document.columns)
        yield _Fact("filter", statement.where or "none", document.where or "none")
        yield _Fact("rows", "all" if statement.limit is None else f"{statement.limit} at most", "all")
    settings = held.settings.get(document.table, {})
    for name, value in document.settings.items():
        yield _Fact(name, settings.get(name, "not set"), value)
    for name in sorted(settings.keys() - document.settings.keys()):
        yield _Fact(name, settings[name], "not set")
    yield _Fact(
        "destination",
        f"s3://{held.bucket}/{held.prefix} in {held.region}",
        f"s3://{document.bucket}/{document.prefix} in {document.region}",
    )
    yield _Fact("output", _listed(held.output), _listed(_OUTPUT))


def _delivery(name: str, held: LiveExport, cause: str) -> Iterator[Finding]:
    """Yield that AWS cannot deliver; a fault of the bucket, if there is one, is why."""
    if held.status.startswith("UNHEALTHY"):
        repair = "Do look at the policy of the bucket and at its key, which must let Data Exports in"
        must, subject = "HEALTHY", f"{name}: delivery"
        yield Finding(EXPORT, _WHERE, subject, "fail", held.status, must, repair, follows_from=cause)


def _bucket(wanted: BucketDocument, live: LiveCostExports, apply: str) -> Iterator[Finding]:
    held = live.bucket
    if isinstance(held, Unreadable):
        yield unknown(EXPORT, wanted.name, "bucket", held, _READ_BUCKET)
    elif held is None:
        yield Finding(EXPORT, wanted.name, "bucket", "fail", "no such bucket", "the bucket", f"Do run {apply}")
    else:
        yield from statement_findings(EXPORT, "bucket policy", wanted.policy, held.policy, wanted.name, apply)
        yield from _judged(wanted.name, "bucket", tuple(_protections(wanted, held)), apply)


def _protections(wanted: BucketDocument, held: LiveExportBucket) -> Iterator[_Fact]:
    keys = (held.algorithm or "none", held.kms_key_arn or "")
    must = ("aws:kms", wanted.kms_key_arn) if wanted.kms_key_arn else ("AES256", "")
    yield _Fact("encryption", " ".join(filter(None, keys)), " ".join(filter(None, must)))
    blocked = [name for name in _ACCESS if held.public_access.get(name)]
    yield _Fact("public access", ", ".join(blocked) or "nothing blocked", ", ".join(_ACCESS))
    yield _Fact("versioning", held.versioning, "Enabled")
    yield _Fact("object ownership", held.ownership, "BucketOwnerEnforced")
    lifecycle = {EXPIRY: wanted.expire_days, EARLIER: {"": _EARLIER_DAYS}, UPLOADS: {"": _UPLOAD_DAYS}}
    for action in sorted({*lifecycle, *held.lifecycle}):
        yield _Fact(action, _days(held.lifecycle.get(action, {})), _days(lifecycle.get(action, {})))


def _days(by_prefix: Mapping[str, int]) -> str:
    found = (f"{prefix.strip() or 'everything'} after {days} days" for prefix, days in sorted(by_prefix.items()))
    return ", ".join(found) or "never"


def _catalog(wanted: CatalogDocument, live: LiveCatalog, apply: str) -> Iterator[Finding]:
    for name, document in wanted.tables.items():
        held, subject = live.tables.get(name), f"table {name}"
        if isinstance(held, Unreadable):
            yield unknown(EXPORT, wanted.database, subject, held, _READ_TABLE)
        elif held is None:
            yield Finding(EXPORT, wanted.database, subject, "fail", "no such table", "the table", f"Do run {apply}")
        else:
            yield from _judged(wanted.database, subject, tuple(_table_facts(document, held)), apply)
    group, subject = live.workgroup, f"workgroup {wanted.workgroup}"
    if isinstance(group, Unreadable):
        yield unknown(EXPORT, _WHERE, subject, group, _READ_WORKGROUP)
    elif group is None:
        yield Finding(EXPORT, _WHERE, subject, "fail", "no such workgroup", "the workgroup", f"Do run {apply}")
    else:
        yield from _judged(_WHERE, subject, tuple(_group_facts(wanted, group)), apply)


def _table_facts(document: TableDocument, held: LiveTable) -> Iterator[_Fact]:
    columns, must = (tuple(f"{name} {kind}" for name, kind in each) for each in (held.columns, document.columns))
    yield _difference("columns", columns, must)
    yield _Fact("partitions", _listed(dict(held.partitions)), _listed(dict(_PARTITIONS)))
    yield _Fact("location", held.location.rstrip("/"), document.location)
    yield _Fact("format", held.serde, _SERDE)
    for name, value in document.parameters.items():
        yield _Fact(name, held.parameters.get(name, "not set"), value)


def _group_facts(wanted: CatalogDocument, held: LiveWorkgroup) -> Iterator[_Fact]:
    yield _Fact("state", "ENABLED" if held.enabled else "DISABLED", "ENABLED")
    yield _Fact("settings", "enforced" if held.enforced else "left to each query", "enforced")
    yield _Fact("output location", held.output_location, wanted.output_location)
    encryption = " ".join(filter(None, (held.encryption or "none", held.kms_key_arn)))
    yield _Fact("encryption", encryption, f"SSE_KMS {wanted.kms_key_arn}" if wanted.kms_key_arn else "SSE_S3")
    yield _Fact("bytes that a query may read", str(held.scan_limit or "no limit"), str(wanted.scan_limit))


def _difference(subject: str, held: Sequence[str], must: Sequence[str]) -> _Fact:
    """Return what lists differ in: what is missing, what is there besides, or the order."""
    whole = f"the {len(must)} columns of env.yaml, in their order"
    if tuple(held) == tuple(must):
        return _Fact(subject, whole, whole)
    missing, more = ([each for each in one if each not in other] for one, other in ((must, held), (held, must)))
    parts = [
        *([f"lacks {_some(missing)}"] if missing else []),
        *([f"has {_some(more)} besides"] if more else []),
        *([] if missing or more else ["another order"]),
    ]
    return _Fact(subject, "; ".join(parts), whole)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _listed(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(pairs.items()) if name in _OUTPUT or name.islower())
