"""Sum costs by several dimensions at once, month by month or day by day: what `--by` asks for."""

from functools import reduce
from operator import add
from typing import Literal, NamedTuple

from harness.costs.breakdowns import SUMS, Scope
from harness.costs.ledger import Ledger
from harness.costs.model import Costs, Group, Grouping
from harness.costs.units import column_of

Period = Literal["month", "day"]


class By(NamedTuple):
    """Name dimensions (columns, keys of the dictionary, cost categories), and the period that costs are summed over."""

    dimensions: tuple[str, ...]
    period: Period = "month"


def grouping(ledger: Ledger, scope: Scope, by: By) -> Grouping:
    """Return the costs of each combination of values that has any, the dearest first; by day the ledger must be daily.

    Raises: TagrailError for a dimension that is neither a column, a key of the dictionary nor a cost category.
    """
    columns = [f"COALESCE({column_of(ledger, name)}, '') AS d{number}" for number, name in enumerate(by.dimensions)]
    time = "Month" if by.period == "month" else "COALESCE(STRFTIME(ChargePeriodStart, '%Y-%m-%d'), '')"
    shown = ", ".join((*columns, f"{time} AS period", SUMS))
    rows = ledger.rows(f"SELECT {shown} FROM facts WHERE {scope.where} GROUP BY ALL ORDER BY ALL")
    found: dict[tuple[str, ...], dict[str, Costs]] = {}
    count = len(by.dimensions)
    for row in rows:
        found.setdefault(row[:count], {})[row[count]] = Costs(*row[count + 1 :])
    groups = (Group(values, reduce(add, periods.values()), periods) for values, periods in found.items())
    return Grouping(by.dimensions, by.period, tuple(sorted(groups, key=lambda one: (-one.costs.effective, one.values))))
