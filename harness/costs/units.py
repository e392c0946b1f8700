"""Divide costs by what they served: requests, users, models trained; the numbers come in a CSV file."""

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, NamedTuple

from harness.costs.breakdowns import Scope
from harness.costs.charges import literal
from harness.costs.components import component_case
from harness.costs.ledger import Ledger
from harness.costs.model import UnitCost
from harness.errors import InputError, Problem, TagrailError

_COLUMNS: Final = ("month", "metric", "value")
_SCOPE: Final = ("dimension", "name")


class Metric(NamedTuple):
    """Hold one number of a month; `dimension` and `name` narrow it to a key's or column's value, "" for all costs."""

    month: str
    metric: str
    value: Decimal
    dimension: str = ""
    name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What no two numbers share."""
        return (self.month, self.metric, self.dimension, self.name)


def read_metrics(file: Path, shown: str) -> tuple[Metric, ...]:
    """Return the metrics of a CSV file with the columns month, metric, value and, if wanted, dimension and name.

    Nothing tells whether the second of two numbers of a month corrects the first or comes on top of it.

    Raises: InputError with every line that is wrong or gives a number again; TagrailError for a file that cannot be
    read.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as content:
            reader = csv.DictReader(content)
            names = reader.fieldnames or ()
            lacking = [name for name in _COLUMNS if name not in names]
            if lacking:
                rule = f"must have the columns {', '.join(_COLUMNS)}, and may have {' and '.join(_SCOPE)}"
                raise TagrailError(f"{shown}: {rule}; got no {lacking[0]}. Do add it to the first line")
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TagrailError(f"{shown}: must be a CSV file in UTF-8; got {error}. Do check the file") from error
    return _checked(rows, shown)


def _checked(rows: list[tuple[int, dict[str, str | None]]], shown: str) -> tuple[Metric, ...]:
    problems: list[Problem] = []
    found: dict[tuple[str, ...], tuple[int, Metric]] = {}
    for line, row in rows:
        metric = _metric(row)
        if metric is None:
            rule = f"must have month YYYY-MM and a number; got {row['month']}, {row['value']}"
            problems.append(Problem(shown, line, "", f"{rule}. Do correct it"))
            continue
        before, _ = found.setdefault(metric.names, (line, metric))
        if before != line:
            what = " ".join(name for name in metric.names[1:] if name)
            rule = f"must give {what} once for {metric.month}; got it on line {before} already"
            problems.append(Problem(shown, line, "", f"{rule}. Do add both up, or remove the one out of date"))
    if problems:
        raise InputError(problems)
    return tuple(metric for _, metric in found.values())


def _metric(row: dict[str, str | None]) -> Metric | None:
    """Return the metric of a row, None where month or value are none."""
    month, metric, written, *narrowed = ((row.get(name) or "").strip() for name in (*_COLUMNS, *_SCOPE))
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    is_month = len(month) == 7 and month[4] == "-" and month.replace("-", "").isdigit()
    return Metric(month, metric, value, *narrowed) if is_month and value.is_finite() else None


def unit_costs(ledger: Ledger, scope: Scope, metrics: tuple[Metric, ...]) -> Iterator[UnitCost]:
    """Yield effective cost per unit, by month, of each metric and what it is narrowed to.

    Raises: TagrailError for a dimension that is neither a column, a key of the dictionary nor a cost category.
    """
    groups = dict.fromkeys((one.metric, one.dimension, one.name) for one in metrics)
    for metric, dimension, name in groups:
        where = f"COALESCE({column_of(ledger, dimension)}, '') = {literal(name)}" if dimension else "TRUE"
        costs = dict(
            ledger.rows(f"SELECT Month, SUM(EffectiveCost) FROM facts WHERE {scope.where} AND {where} GROUP BY 1")
        )
        held = [one for one in metrics if (one.metric, one.dimension, one.name) == (metric, dimension, name)]
        months = {
            one.month: (costs[one.month] / one.value) if one.month in costs and one.value else None
            for one in sorted(held)
        }
        yield UnitCost(metric, dimension, name, months)


def column_of(ledger: Ledger, dimension: str) -> str:
    """Return the ledger's column of a dimension by its name. Raises: TagrailError for one that there is not."""
    columns = {name: name for name in ("SubAccountId", "ServiceName", "RegionId", "ChargeCategory", "BillingAccountId")}
    columns |= {"x_Component": component_case()}
    columns |= {key.key: key.value for key in ledger.keys} | dict(ledger.categories)
    if dimension not in columns:
        rule = f"must be one of {', '.join(columns)}"
        raise TagrailError(f'dimension "{dimension}": {rule}. Do correct it')
    return columns[dimension]
