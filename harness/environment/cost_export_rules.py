"""Say which columns and settings an export has, and check what an environment says of exports."""

import re
from collections.abc import Iterator, Mapping

from harness.cost_table import CostTable, filter_fault, load_cost_tables, render_statement
from harness.environment.cost_export_model import Athena, CostExport, ExportBucket
from harness.environment.model import Environment
from harness.facts import Facts
from harness.spelling import nearest
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_AT: Path_ = ("cost_exports",)
_BUCKET = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)[a-z0-9](?:[a-z0-9-]|\.(?![.-]))+[a-z0-9]")
_KEY = re.compile(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d{12}:key/[A-Za-z0-9-]+")
# Fields of an export that are a setting of its table, and what they are when env.yaml does not say.
_SWITCHES: Mapping[str, tuple[str, bool]] = {
    "resources": ("INCLUDE_RESOURCES", True),
    "split_cost_allocation": ("INCLUDE_SPLIT_COST_ALLOCATION_DATA", False),
    "capacity_reservations": ("INCLUDE_CAPACITY_RESERVATION_DATA", False),
    "iam_principals": ("INCLUDE_IAM_PRINCIPAL_DATA", False),
}


def export_settings(export: CostExport, billing_view: str) -> dict[str, str]:
    """Return the settings of the export's table, every one, since AWS adds to its answers what is not given.

    Raises: nothing.
    """
    values = {
        "BILLING_VIEW_ARN": billing_view,
        "INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY": "FALSE",
        "TIME_GRANULARITY": (export.granularity or "daily").upper(),
    }
    for field, (setting, usual) in _SWITCHES.items():
        wanted: bool | None = getattr(export, field)
        values[setting] = "TRUE" if (usual if wanted is None else wanted) else "FALSE"
    return {name: values[name] for name in _table(export).settings}


def export_columns(export: CostExport) -> tuple[str, ...]:
    """Return the columns of an export in their order. Raises: nothing."""
    if export.columns is not None:
        return export.columns
    return tuple(each.name for each in _table(export).available(export_settings(export, "")))


def cost_export_faults(environment: Environment, facts: Facts) -> Faults:
    """Yield every fault of `cost_exports` as its path and message. Raises: nothing."""
    section = environment.cost_exports
    if section is None:
        return
    yield from _bucket(section.bucket, environment.regions.home)
    if not section.exports:
        yield (*_AT, "exports"), "must name an export; got none. Do add one, or remove cost_exports"
    for name, export in section.exports.items():
        yield from _export((*_AT, "exports", name), name, export, environment, facts)
    yield from _counts(section.exports, facts)
    if section.athena:
        yield from _athena(section.athena)


def _table(export: CostExport) -> CostTable:
    return load_cost_tables()[export.table]


def _bucket(bucket: ExportBucket, home: str) -> Faults:
    at: Path_ = (*_AT, "bucket")
    if not (3 <= len(bucket.name) <= 63 and _BUCKET.fullmatch(bucket.name)):
        rule = "must be an S3 bucket name of 3 to 63 of a-z, 0-9, - and ."
        yield (*at, "name"), f'{rule}; got "{bucket.name}". Do correct it'
    if bucket.expire_days is not None and bucket.expire_days < 1:
        yield (*at, "expire_days"), f"must be 1 day or more; got {bucket.expire_days}. Do correct it, or remove it"
    if bucket.kms_key_arn is not None:
        found = _KEY.fullmatch(bucket.kms_key_arn)
        if not found:
            example = f"arn:aws:kms:{home}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
            rule = "must be the ARN of a KMS key"
            yield (*at, "kms_key_arn"), f'{rule}; got "{bucket.kms_key_arn}". Do write it as "{example}"'
        elif found["region"] != home:
            rule = f"must be a key of {home}, where the bucket is"
            yield (*at, "kms_key_arn"), f'{rule}; got "{found["region"]}". Do name one of that region'


def _export(at: Path_, name: str, export: CostExport, environment: Environment, facts: Facts) -> Faults:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        yield at, f'must be a-z, 0-9 and -, beginning with a letter; got "{name}". Do rename it'
    most, full = facts.limits["data_export_name_characters"], f"{environment.name}-{name}"
    if len(full) > most:
        yield at, f'must leave {most} characters for the export\'s name; got {len(full)}: "{full}". Do shorten it'
    table = _table(export)
    yield from _settings(at, export, table)
    yield from _columns(at, export, table)
    types = {each.name: each.type for each in table.available(export_settings(export, ""))}
    if export.where is not None and (export.where.strip() != export.where or {*"\t\n\r"} & {*export.where}):
        shown = export.where.encode("unicode_escape").decode()
        yield (*at, "where"), f'must be one line, without a space at either end; got "{shown}". Do write it in one'
    elif export.where is not None and (fault := filter_fault(export.where, types)):
        yield (*at, "where"), fault
    longest = facts.limits["data_export_query_characters"]
    length = len(render_statement(export_columns(export), table.name, export.where))
    if length > longest:
        message = f"must leave a statement of {longest} characters at most; got {length}. Do shorten where"
        yield (*at, "where"), message


def _settings(at: Path_, export: CostExport, table: CostTable) -> Faults:
    fields = {"granularity": "TIME_GRANULARITY", **{field: setting for field, (setting, _) in _SWITCHES.items()}}
    for field, setting in fields.items():
        if getattr(export, field) is not None and setting not in table.settings:
            what = "rows for each resource already" if field == "resources" else f"no {setting}"
            yield (*at, field), f"must be left out with table {table.key}, which has {what}. Do remove it"


def _columns(at: Path_, export: CostExport, table: CostTable) -> Faults:
    settings = export_settings(export, "")
    known = {each.name: each for each in table.columns}
    here = {each.name for each in table.available(settings)}
    columns = export_columns(export)
    for index, column in enumerate(columns):
        place: Path_ = (*at, "columns", index)
        if column not in known:
            guess = nearest(column, known) or " Do choose a column of modules/cost-export/columns.yaml"
            yield place, f'must be a column of {table.key}; got "{column}".{guess}'
        elif column not in here:
            field = next(name for name, (setting, _) in _SWITCHES.items() if setting == known[column].setting)
            yield place, f'must be there with the settings; got "{column}". Do set {field}: true, or remove it'
        if column in columns[:index]:
            yield place, f'must appear once; got "{column}" again. Do remove it'
    if not columns:
        yield (*at, "columns"), "must name a column; got an empty list. Do name some, or leave it out for all"
        return
    for column, purpose in table.needed.items():
        if not {column, table.instead.get(column)} & {*columns, *export.waived}:
            rule = f'must hold "{column}", without which a cost report has no {purpose.removeprefix("the ")}'
            yield (*at, "columns"), f"{rule}; got none. Do add it, or give the reason: waived: {{{column}: ...}}"
    yield from _waived(at, export, table, frozenset(columns))


def _waived(at: Path_, export: CostExport, table: CostTable, columns: frozenset[str]) -> Faults:
    for column, reason in export.waived.items():
        place: Path_ = (*at, "waived", column)
        if column not in table.needed:
            guess = nearest(column, table.needed) or f" Do choose among {', '.join(table.needed)}"
            yield place, f'must be a column that cost reports need; got "{column}".{guess}'
        elif column in columns:
            yield place, f'must be left out of columns; got "{column}" there too. Do remove one of them'
        if not reason.strip():
            yield place, 'must be a reason; got "". Do say why reports can do without it'


def _counts(exports: Mapping[str, CostExport], facts: Facts) -> Faults:
    by_limit: dict[tuple[str, str], list[str]] = {}
    for name, export in exports.items():
        by_limit.setdefault((_table(export).limit, export.table), []).append(name)
    for (limit, table), names in by_limit.items():
        most = facts.limits[limit]
        if len(names) > most:
            found = f"{len(names)}: {', '.join(names)}"
            yield (*_AT, "exports"), f"must hold {most} exports of {table} at most; got {found}. Do drop some"


def _athena(athena: Athena) -> Faults:
    at: Path_ = (*_AT, "athena")
    if athena.database is not None and not re.fullmatch(r"[a-z][a-z0-9_]{0,254}", athena.database):
        rule = "must be 1 to 255 of a-z, 0-9 and _, beginning with a letter"
        yield (*at, "database"), f'{rule}; got "{athena.database}". Do rename it'
    if athena.workgroup is not None and not re.fullmatch(r"[A-Za-z0-9._-]{1,128}", athena.workgroup):
        rule = "must be 1 to 128 of letters, digits, ., _ and -"
        yield (*at, "workgroup"), f'{rule}; got "{athena.workgroup}". Do rename it'
    for field, unit in (("scan_limit_gib", "GiB"), ("results_expire_days", "day")):
        value: int = getattr(athena, field)
        if value < 1:
            yield (*at, field), f"must be 1 {unit} or more; got {value}. Do correct it"
