"""Break costs down by columns, tag keys and cost categories, by month and by day."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from harness.costs.charges import COSTS
from harness.costs.components import COMPONENT_LABEL, component_case
from harness.costs.ledger import Ledger
from harness.costs.model import Breakdown, Costs, Day, Mover, Row

MOST_ROWS: Final = 500  # of one breakdown; what costs less is summed up in a last row
OTHERS: Final = "(others)"
_MOVERS: Final = 20
SUMS: Final = "SUM(BilledCost), SUM(EffectiveCost), SUM(x_AmortizedCost)"


class _Dimension(NamedTuple):
    """Name a dimension, and how the ledger writes it; `only` narrows it to the costs that it is about."""

    name: str
    label: str
    kind: Literal["column", "tag", "category"]
    column: str
    only: str = "TRUE"


_COLUMNS: Final = (
    _Dimension("SubAccountId", "Account", "column", "SubAccountId"),
    _Dimension("ServiceName", "Service", "column", "ServiceName"),
    _Dimension("RegionId", "Region", "column", "RegionId"),
    _Dimension("ChargeCategory", "Charge category", "column", "ChargeCategory"),
    _Dimension("BillingAccountId", "Payer", "column", "BillingAccountId"),
    _Dimension("x_Component", COMPONENT_LABEL, "column", component_case(), "ServiceName LIKE '%SageMaker%'"),
)


class Scope(NamedTuple):
    """Narrow the ledger to one currency; `where` is the SQL, `months` are those with costs, in order."""

    where: str
    months: tuple[str, ...]


def breakdowns(ledger: Ledger, scope: Scope) -> Iterator[Breakdown]:
    """Yield the costs by every dimension that the bill tells. Raises: nothing."""
    tags = (_Dimension(key.key, key.key, "tag", key.value) for key in ledger.keys if key.found_as)
    categories = (_Dimension(name, name, "category", column) for name, column in ledger.categories.items())
    for dimension in (*_COLUMNS, *tags, *categories):
        found = _breakdown(ledger, scope, dimension)
        if any(row.value for row in found.rows):
            yield found


def _breakdown(ledger: Ledger, scope: Scope, dimension: _Dimension) -> Breakdown:
    rows = ledger.rows(
        f"WITH named AS (SELECT COALESCE({dimension.column}, '') AS value, Month, {', '.join(COSTS)} "
        f"FROM facts WHERE {scope.where} AND {dimension.only}), "
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
    return Breakdown(dimension.name, dimension.label, dimension.kind, tuple(shown), max(0, most - MOST_ROWS))


def _dearest(row: Row) -> tuple[bool, Decimal, str]:
    return row.value == OTHERS, -row.costs.effective, row.value


def _row(value: str, months: Mapping[str, tuple[Decimal, Decimal, Decimal]], names: Sequence[str]) -> Row:
    nothing = (Decimal(0), Decimal(0), Decimal(0))
    billed, effective, amortized = zip(*(months.get(name, nothing) for name in names), strict=True)
    return Row(value, Costs(sum(billed), sum(effective), sum(amortized)), billed, effective, amortized)


def days(connection: Any, where: str) -> tuple[Day, ...]:
    """Return the costs of each day by service, from the table `days`, narrowed by `where`. Raises: nothing."""
    rows = connection.execute(
        f"SELECT STRFTIME(ChargePeriodStart, '%Y-%m-%d') AS day, COALESCE(ServiceName, ''), {SUMS} FROM days "
        f"WHERE {where} GROUP BY ALL ORDER BY ALL"
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
