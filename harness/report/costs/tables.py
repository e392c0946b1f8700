"""Write the cost report's tables for BI, one file a table, as CSV or Parquet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from harness.costs.model import Report

TableForm = Literal["csv", "parquet"]
Row = tuple[Any, ...]
TABLE_FORMS: Final[tuple[TableForm, ...]] = ("csv", "parquet")

_MONEY: Final = "DECIMAL(38, 12)"
_COSTS: Final = ("billed", "effective", "amortized")
_AMOUNTS: Final = frozenset({*_COSTS, "limit", "actual", "forecast", "cost"})


def _costs(report: Report) -> Iterator[Row]:
    for table in report.breakdowns:
        for row in table.rows:
            for at, month in enumerate(report.months):
                amounts = (row.billed[at], row.effective[at], row.amortized[at])
                if any(amounts):
                    yield report.currency, table.dimension, row.value, month, *amounts


def _days(report: Report) -> Iterator[Row]:
    for day in report.days:
        for service, costs in day.services.items():
            yield report.currency, day.day, service, costs.billed, costs.effective, costs.amortized


def _coverage(report: Report) -> Iterator[Row]:
    for row in report.coverage:
        for verdict, amount in row.amounts.items():
            yield report.currency, row.key, verdict, amount


def _faults(report: Report) -> Iterator[Row]:
    for table in report.faults:
        for one in table.rows:
            keys = "; ".join(f"{key}: {fault}" for key, fault in one.keys.items())
            place = (one.account, one.service, one.region)
            yield report.currency, table.by, one.name, *place, keys, one.effective, one.repair


def _budgets(report: Report) -> Iterator[Row]:
    for one in report.budgets:
        yield report.currency, one.name, one.period, one.limit, one.actual, one.forecast, one.status


def _splits(report: Report) -> Iterator[Row]:
    for one in report.splits:
        for share in one.shares:
            yield report.currency, one.category, one.source, one.method, share.value, share.received


def _units(report: Report) -> Iterator[Row]:
    for one in report.units:
        for month, cost in one.months.items():
            yield report.currency, one.metric, one.dimension, one.value, month, cost


def _groups(report: Report) -> Iterator[Row]:
    held = report.grouping
    for group in held.groups if held else ():
        for period, costs in group.periods.items():
            yield report.currency, *group.values, period, costs.billed, costs.effective, costs.amortized


_TABLES: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Report], Iterable[Row]]]]] = {
    "costs": (("currency", "dimension", "value", "month", *_COSTS), _costs),
    "days": (("currency", "day", "service", *_COSTS), _days),
    "coverage": (("currency", "key", "verdict", "effective"), _coverage),
    "faults": (
        ("currency", "by", "name", "account", "service", "region", "keys", "effective", "repair"),
        _faults,
    ),
    "budgets": (("currency", "name", "period", "limit", "actual", "forecast", "status"), _budgets),
    "splits": (("currency", "category", "source", "method", "value", "effective"), _splits),
    "units": (("currency", "metric", "dimension", "value", "month", "cost"), _units),
}


def _tables(reports: Sequence[Report]) -> Mapping[str, tuple[tuple[str, ...], Callable[[Report], Iterable[Row]]]]:
    """Return name -> columns and rows of each table, with that of the dimensions that were asked for, if any were."""
    asked = next((report.grouping for report in reports if report.grouping), None)
    if asked is None:
        return _TABLES
    return {**_TABLES, "groups": (("currency", *asked.dimensions, asked.period, *_COSTS), _groups)}


def write_tables(reports: Sequence[Report], folder: Path, form: TableForm) -> tuple[Path, ...]:
    """Write each table of the reports into a folder, those without rows too, and return the files.

    Raises: OSError when the folder cannot be written.
    """
    import duckdb  # noqa: PLC0415 (for these two forms alone)

    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    written = []
    for name, (columns, rows_of) in _tables(reports).items():
        rows = [row for report in reports for row in rows_of(report)]
        file = folder / f"{name}.{form}"
        types = [_MONEY if column in _AMOUNTS else "VARCHAR" for column in columns]
        shown = ", ".join(
            f'UNNEST($c{at}::{kind}[]) AS "{column}"'
            for at, (column, kind) in enumerate(zip(columns, types, strict=True))
        )
        values = {f"c{at}": [row[at] for row in rows] for at in range(len(columns))}
        options = "HEADER" if form == "csv" else "COMPRESSION zstd"
        path = str(file).replace("'", "''")
        connection.execute(f"COPY (SELECT {shown}) TO '{path}' (FORMAT {form}, {options})", values)
        written.append(file)
    return tuple(written)
