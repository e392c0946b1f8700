"""Break costs down by columns, tag keys and cost categories, by month and by day."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from harness.costs.components import COMPONENT_LABEL, component_case
from harness.costs.ledger import Ledger
from harness.costs.model import Breakdown, Costs, Day, Mover, Row

MOST_ROWS: Final = 500  # of one breakdown; what costs less is summed up in a last row
OTHERS: Final = "(others)"
_LABELS: Final = {
    "SubAccountId": "Account",
    "ServiceName": "Service",
    "RegionId": "Region",
    "ChargeCategory": "Charge category",
    "BillingAccountId": "Payer",
}
_MOVERS: Final = 20
SUMS: Final = "SUM(BilledCost), SUM(EffectiveCost), SUM(x_AmortizedCost)"


class Scope(NamedTuple):
    """Narrow the ledger to one currency; `where` is the SQL, `months` are those with costs, in order."""

    where: str
    months: tuple[str, ...]


def breakdowns(ledger: Ledger, scope: Scope) -> Iterator[Breakdown]:
    """Yield the costs by every dimension that the bill tells."""
    for column, label in _LABELS.items():
        yield _breakdown(ledger, scope, column, column, label, "column")
    if component := _breakdown(
        ledger, scope, component_case(), "x_Component", COMPONENT_LABEL, "column", "ServiceName LIKE '%SageMaker%'"
    ):
        yield component
    for key in ledger.keys:
        if key.found_as:
            yield _breakdown(ledger, scope, key.value, key.key, key.key, "tag")
    for name, column in ledger.categories.items():
        yield _breakdown(ledger, scope, column, name, name, "category")


def _breakdown(
    ledger: Ledger, scope: Scope, column: str, dimension: str, label: str, kind: Any, only: str = ""
) -> Breakdown:
    narrowed = f"{scope.where} AND {only}" if only else scope.where
    rows = ledger.rows(
        f"WITH named AS (SELECT COALESCE({column}, '') AS value, Month, BilledCost, EffectiveCost, x_AmortizedCost "
        f"FROM facts WHERE {narrowed}), "
        "ranked AS (SELECT value, ROW_NUMBER() OVER (ORDER BY ABS(SUM(EffectiveCost)) DESC, value) AS rank "
        "FROM named GROUP BY value) "
        f"SELECT CASE WHEN rank <= {MOST_ROWS} THEN value ELSE '{OTHERS}' END AS shown, Month, {SUMS}, "
        f"MAX(rank) FROM named JOIN ranked USING (value) GROUP BY ALL ORDER BY MIN(rank)"
    )
    found: dict[str, dict[str, tuple[Decimal, Decimal, Decimal]]] = {}
    most = 0
    for value, month, *costs, rank in rows:
        found.setdefault(value, {})[month] = (costs[0], costs[1], costs[2])
        most = max(most, rank)
    shown = sorted((_row(value, months, scope.months) for value, months in found.items()), key=_dearest)
    return Breakdown(dimension, label, kind, tuple(shown), max(0, most - MOST_ROWS))


def _dearest(row: Row) -> tuple[bool, Decimal, str]:
    return row.value == OTHERS, -row.costs.effective, row.value


def _row(value: str, months: Mapping[str, tuple[Decimal, Decimal, Decimal]], names: Sequence[str]) -> Row:
    nothing = (Decimal(0), Decimal(0), Decimal(0))
    billed, effective, amortized = zip(*(months.get(name, nothing) for name in names), strict=True)
    return Row(value, Costs(sum(billed), sum(effective), sum(amortized)), billed, effective, amortized)


def days(connection: Any, where: str) -> tuple[Day, ...]:
    """Return the costs of each day by service, from the table `days`. Raises: nothing."""
    rows = connection.execute(
        f"SELECT STRFTIME(ChargePeriodStart, '%Y-%m-%d') AS day, COALESCE(ServiceName, ''), {SUMS} FROM days "
        f"WHERE ByAccount = 0 AND ChargePeriodStart IS NOT NULL AND {where} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found: dict[str, dict[str, Costs]] = {}
    for day, service, *costs in rows:
        found.setdefault(day, {})[service] = Costs(*costs)
    return tuple(Day(day, services) for day, services in found.items())


def movers(shown: Sequence[Breakdown], months: Sequence[str], partial_month: str) -> tuple[Mover, ...]:
    """Return what changed most between the last two whole months, by service, account and tag. Raises: nothing."""
    whole = [number for number, month in enumerate(months) if month != partial_month]
    if len(whole) < 2:
        return ()
    before, after = whole[-2], whole[-1]
    found = [
        Mover(
            table.dimension,
            row.value,
            row.effective[before],
            row.effective[after],
            row.effective[after] - row.effective[before],
            float(row.effective[after] / row.effective[before] - 1) if row.effective[before] > 0 else None,
        )
        for table in shown
        if table.dimension in ("ServiceName", "SubAccountId") or table.kind != "column"
        for row in table.rows
        if row.value != OTHERS and row.effective[after] != row.effective[before]
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.change), one.dimension, one.value))[:_MOVERS])
