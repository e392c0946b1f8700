"""Write a cost report as the compact JSON that the page reads (harness/report/costs/web/app/data.js).

Money becomes whole cents: each amount is rounded once, here, and the page only adds whole numbers. Where a report holds
three costs, effective is written as what it adds to billed, and amortized as what it adds to effective: mostly 0.
Columns of the cube are strings, one or two characters a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import add

from harness.costs.breakdowns import OTHERS
from harness.costs.model import Breakdown, Costs, Cube, Day, Fault, FaultTable, Group, Grouping, Key, Report, Row
from harness.report.columns import DIGITS, cents, column_of, width_of

Json = dict[str, object]

MOST_GROUPS = 500  # of what was asked for by several dimensions
_PLAIN = ("title", "made", "currency", "engine", "months", "lines", "accounts", "notes")


def encode(report: Report) -> Json:
    """Return a report as values of JSON. Raises: nothing."""
    carried = _Places(report.cube)
    return {
        **{name: getattr(report, name) for name in _PLAIN},
        "partialMonth": report.partial_month,
        "sources": report.sources,
        "keys": report.keys,
        "total": _three(report.total),
        "monthTotals": _month_totals(report),
        "reconciliation": {
            "column": report.reconciliation.column,
            "file": cents(report.reconciliation.file_cost),
            "report": cents(report.reconciliation.report_cost),
            "difference": cents(report.reconciliation.difference),
            "agrees": report.reconciliation.agrees,
            "notes": report.reconciliation.notes,
        },
        "breakdowns": [_breakdown(one) for one in report.breakdowns],
        "days": _days(report.days),
        "coverage": [
            {
                "key": one.key,
                "amounts": {verdict: cents(amount) for verdict, amount in one.amounts.items()},
                "share": one.share,
                "taggable": one.taggable_share,
                "months": one.months,
                "note": one.note,
            }
            for one in report.coverage
        ],
        "untaggable": [[one.reason, cents(one.effective)] for one in report.untaggable],
        "faults": [_faults(table, report.keys, carried) for table in report.faults],
        "variants": [
            [one.key, one.value, cents(one.effective), {name: cents(held) for name, held in one.spellings.items()}]
            for one in report.variants
        ],
        "splits": [
            {
                "category": one.category,
                "source": one.source,
                "method": one.method,
                "amount": cents(one.amount),
                "shares": [
                    [held.value, cents(held.own), cents(held.received), cents(held.total)] for held in one.shares
                ],
            }
            for one in report.splits
        ],
        "budgets": [
            {
                "name": one.name,
                "period": one.period,
                "limit": _maybe(one.limit),
                "actual": cents(one.actual),
                "forecast": _maybe(one.forecast),
                "by": one.forecast_by,
                "status": one.status,
                "note": one.note,
            }
            for one in report.budgets
        ],
        "movers": [
            [one.dimension, one.value, cents(one.before), cents(one.after), cents(one.change), one.share]
            for one in report.movers
        ],
        # A unit may cost far less than a cent: these stay amounts of the currency.
        "units": [
            [
                one.metric,
                one.dimension,
                one.value,
                {month: None if held is None else float(held) for month, held in one.months.items()},
            ]
            for one in report.units
        ],
        "cube": _cube(report.cube),
        "forecast": [[one.month, cents(one.billed), cents(one.lower), cents(one.upper)] for one in report.forecast],
        "grouping": _grouping(report.grouping) if report.grouping else None,
    }


def _grouping(held: Grouping) -> Json:
    return {
        "dimensions": held.dimensions,
        "period": held.period,
        "groups": [
            [one.values, _three(one.costs), {time: _three(costs) for time, costs in one.periods.items()}]
            for one in held.groups
        ],
    }


def dearest(held: Grouping) -> Grouping:
    """Return the groups that a page shows; what they leave out is the last one. Raises: nothing."""
    shown, rest = held.groups[:MOST_GROUPS], held.groups[MOST_GROUPS:]
    if not rest:
        return held
    periods: dict[str, Costs] = {}
    for group in rest:
        for time, costs in group.periods.items():
            periods[time] = periods[time] + costs if time in periods else costs
    total = reduce(add, (group.costs for group in rest))
    others = Group((OTHERS, *[""] * (len(held.dimensions) - 1)), total, dict(sorted(periods.items())))
    return Grouping(held.dimensions, held.period, (*shown, others))


def _maybe(amount: Decimal | None) -> int | None:
    return None if amount is None else cents(amount)


def _three(costs: Costs) -> list[int]:
    return [cents(costs.billed), cents(costs.effective), cents(costs.amortized)]


def _steps(billed: int, effective: int, amortized: int) -> tuple[int, int, int]:
    return billed, effective - billed, amortized - effective


def _month_totals(report: Report) -> list[list[int]]:
    """Return the three costs of each month, exact: any breakdown has all costs; the cube alone is rounded before."""
    if not report.breakdowns:
        return []
    rows = report.breakdowns[0].rows
    return [
        [cents(sum((getattr(row, name)[month] for row in rows), Decimal(0))) for month in range(len(report.months))]
        for name in ("billed", "effective", "amortized")
    ]


def _breakdown(one: Breakdown) -> Json:
    return {
        "dimension": one.dimension,
        "label": one.label,
        "kind": one.kind,
        "others": one.others,
        "rows": [_row(row) for row in one.rows],
    }


def _row(row: Row) -> list[object]:
    months = [
        _steps(*(cents(amount) for amount in three))
        for three in zip(row.billed, row.effective, row.amortized, strict=True)
    ]
    return [row.value, _three(row.costs), *map(list, zip(*months, strict=True))]


def _days(days: Sequence[Day]) -> Json:
    services = list(dict.fromkeys(service for day in days for service in day.services))
    place = {service: number for number, service in enumerate(services)}
    return {
        "services": services,
        "days": [
            [
                day.day,
                [
                    number
                    for service, costs in day.services.items()
                    for number in (place[service], *_steps(*_three(costs)))
                ],
            ]
            for day in days
        ],
    }


class _Places:
    """Find values of the cube by their number."""

    def __init__(self, cube: Cube) -> None:
        self._numbers = [
            (name, {value: number for number, value in enumerate(values)})
            for name, values in zip(cube.dimensions, cube.values, strict=True)
        ]

    def __call__(self, carried: Mapping[str, str]) -> list[int]:
        """Return a number for each dimension: of the value there, or -1; nothing where nothing is known."""
        return (
            [numbers.get(carried.get(name, ""), -1) if name in carried else -1 for name, numbers in self._numbers]
            if carried
            else []
        )


def _faults(table: FaultTable, keys: Sequence[Key], places: _Places) -> Json:
    """Return a table of faults whose keys and texts, which are often the same, stand once."""
    texts: dict[str, int] = {key.key: number for number, key in enumerate(keys)}

    def number(text: str) -> int:
        return texts.setdefault(text, len(texts))

    rows = [
        [*_fault(fault, [(number(key), number(wrong)) for key, wrong in fault.keys.items()]), places(fault.carried)]
        for fault in table.rows
    ]
    return {"by": table.by, "total": cents(table.total), "rows": rows, "texts": list(texts)}


def _fault(fault: Fault, keys: Iterable[tuple[int, int]]) -> list[object]:
    fixed = [fault.name, fault.label, cents(fault.effective), list(keys), fault.repair]
    return [*fixed, fault.account, fault.service, fault.region]


def _cube(cube: Cube) -> Json:
    """Return the cube column by column; two characters a row for a dimension of more values than there are digits."""
    width = [width_of(len(values)) for values in cube.values]
    columns = list(zip(*cube.rows, strict=True)) if cube.rows else [()] * (len(cube.dimensions) + 3)
    count = len(cube.dimensions)
    steps = [_steps(*three) for three in zip(*columns[count:], strict=True)]
    return {
        "dimensions": cube.dimensions,
        "values": cube.values,
        "digits": DIGITS,
        "width": width,
        "columns": [column_of(column, size) for column, size in zip(columns[:count], width, strict=True)],
        "costs": [[step[number] for step in steps] for number in range(3)],
    }
