"""Find exports of the bill that go, or hold less: columns, rows, times, resources.

docs.aws.amazon.com/cur/latest/userguide/dataexports-data-query.html. An export is followed by its name.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.cost_table import Statement, StatementError, load_cost_tables, parse_statement
from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Rule, Weakening, first, listed, weakening

EXPORT = "aws_bcmdataexports_export"
TYPES = frozenset({EXPORT})

_FINER = {"MONTHLY": 0, "DAILY": 1, "HOURLY": 2}
_RULE: Rule = "export-narrowed"


def export_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield what exports lose. Raises: nothing."""
    changes = by_type.get(EXPORT, ())
    after = {str(_name(each.will("export"))): each for each in changes if each.is_there()}
    for change in changes:
        if change.before is None or change.stays():
            continue
        held, name = change.held("export"), str(_name(change.held("export")))
        new = change if change.is_there() else after.get(name)
        if new is None or (new is not change and new.will("export") is UNKNOWN):
            unknown = "what a new export is called is known only after apply" if str(UNKNOWN) in after else ""
            yield weakening(change, _RULE, f"export {name} goes", path="export", because=unknown)
            continue
        for what, because in _losses(held, new.will("export")):
            yield weakening(change, _RULE, f"export {name}: {what}", path="export", because=because)


def _losses(held: Any, will: Any) -> Iterator[tuple[str, str]]:
    """Yield what is lost, and why that is not known."""
    if will is UNKNOWN:
        yield "it changes", "what it will be is known only after apply"
        return
    before, after = _statement(held), _statement(will)
    if before is None or after is None:
        if _query(held).get("query_statement") != _query(will).get("query_statement"):
            yield "its statement changes", "a statement that Data Exports does not document cannot be compared"
        return
    if before.table != after.table:
        yield f"it selects from {after.table}, not from {before.table}", "tables cannot be compared"
        return
    selected = {source for source, _ in after.columns}
    if gone := [source for source, _ in before.columns if source not in selected]:
        yield f"columns {listed(gone)} go", ""
    if after.where != before.where and after.where:
        doubt = "filters cannot be compared" if before.where else ""
        yield f"only rows with {after.where}", doubt
    yield from _settings_losses(_settings(held, before.table), _settings(will, after.table))


def _settings_losses(held: Mapping[str, Any], will: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = "TIME_GRANULARITY"
    old, new = (_FINER.get(str(each.get(name)), 1) for each in (held, will))
    if new < old:
        yield f"its rows stand for longer times ({str(will.get(name)).lower()})", ""
    for setting, value in held.items():
        if value == "TRUE" and setting.startswith("INCLUDE_") and will.get(setting) != "TRUE":
            yield f"{setting} is off", ""


def _name(export: Any) -> Any:
    return export if export is UNKNOWN else first(export).get("name")


def _query(export: Any) -> Mapping[str, Any]:
    return first(first(export).get("data_query"))


def _settings(export: Any, table: str) -> Mapping[str, Any]:
    found = _query(export).get("table_configurations")
    settings = found.get(table) if isinstance(found, Mapping) else None
    return settings if isinstance(settings, Mapping) else {}


def _statement(export: Any) -> Statement | None:
    """Return the statement; None for one that cannot be read."""
    text = _query(export).get("query_statement")
    types = {each.name: {column.name: column.type for column in each.columns} for each in load_cost_tables().values()}
    try:
        return parse_statement(text, types) if isinstance(text, str) else None
    except StatementError:
        return None
