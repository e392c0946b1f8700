"""Make the small cube of costs by several dimensions that the page filters."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from harness.costs.breakdowns import OTHERS, Scope
from harness.costs.ledger import Ledger
from harness.costs.model import Cube

MOST_ROWS: Final = 30_000
_MOST_VALUES: Final = 400
_FEWEST_VALUES: Final = 8
_COST_COLUMNS: Final = ("BilledCost", "EffectiveCost", "x_AmortizedCost")


def make_cube(ledger: Ledger, scope: Scope, keys: tuple[str, ...], most_rows: int = MOST_ROWS) -> Cube:
    """Return the costs by month, account, service and these keys of the dictionary.

    Where that were more rows than `most_rows`, the cheapest values of the dimension with most values become one, until
    it fits. The sums of a cube are those of the report, to the cent. Raises: nothing.
    """
    columns = {"Month": "Month", "SubAccountId": "SubAccountId", "ServiceName": "ServiceName"}
    columns |= {key: ledger.column(key) for key in keys}
    chosen = ", ".join(f"COALESCE({column}, '') AS d{number}" for number, column in enumerate(columns.values()))
    sums = ", ".join(f"SUM({name}) AS {name}" for name in _COST_COLUMNS)
    ledger.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cube AS SELECT {chosen}, {sums} FROM facts WHERE {scope.where} GROUP BY ALL"
    )
    names = [f"d{number}" for number in range(len(columns))]
    ranked = {name: _ranked(ledger.connection, name) for name in names}
    kept = {name: min(len(values), _MOST_VALUES) for name, values in ranked.items()}
    while _count(ledger.connection, names, ranked, kept) > most_rows:
        widest = max(names[1:], key=lambda name: kept[name])
        if kept[widest] <= _FEWEST_VALUES:
            break
        kept[widest] //= 2
    return _cube(ledger.connection, tuple(columns), names, ranked, kept)


def _ranked(connection: Any, name: str) -> list[str]:
    """Return the values of a dimension, dearest first; months in order."""
    order = "1" if name == "d0" else "ABS(SUM(EffectiveCost)) DESC, 1"
    return [row[0] for row in connection.execute(f"SELECT {name} FROM cube GROUP BY 1 ORDER BY {order}").fetchall()]


def _tables(connection: Any, ranked: dict[str, list[str]], kept: dict[str, int]) -> None:
    for name, values in ranked.items():
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE v{name} AS SELECT UNNEST($values::VARCHAR[]) AS value, "
            "UNNEST(RANGE($count)) AS number",
            {"values": values, "count": len(values)},
        )
        connection.execute(f"UPDATE v{name} SET number = {kept[name]} WHERE number >= {kept[name]}")


def _joined(names: list[str], ranked: dict[str, list[str]], kept: dict[str, int]) -> str:
    cut = [name for name in names if kept[name] <= len(ranked[name])]
    joins = " ".join(f"JOIN v{name} ON v{name}.value = cube.{name}" for name in cut)
    return f"FROM cube {joins}"


def _count(connection: Any, names: list[str], ranked: dict[str, list[str]], kept: dict[str, int]) -> int:
    _tables(connection, ranked, kept)
    numbers = ", ".join(f"v{name}.number AS n{name}" for name in names)
    found: tuple[int] = connection.execute(
        f"SELECT COUNT(*) FROM (SELECT DISTINCT {numbers} {_joined(names, ranked, kept)})"
    ).fetchone()
    return found[0]


def _cube(
    connection: Any, dimensions: tuple[str, ...], names: list[str], ranked: dict[str, list[str]], kept: dict[str, int]
) -> Cube:
    numbers = ", ".join(f"v{name}.number" for name in names)
    sums = ", ".join(f"SUM({name})" for name in _COST_COLUMNS)
    rows = connection.execute(
        f"SELECT {numbers}, {sums} {_joined(names, ranked, kept)} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    values = tuple(
        (*ranked[name][: kept[name]], *((OTHERS,) if kept[name] < len(ranked[name]) else ())) for name in names
    )
    count = len(names)
    cents = list(zip(*(_cents(column) for column in zip(*(row[count:] for row in rows), strict=True)), strict=True))
    return Cube(dimensions, values, tuple((*row[:count], *cents[at]) for at, row in enumerate(rows)))


def _cents(amounts: Sequence[Decimal]) -> Iterator[int]:
    """Yield amounts in cents; what rounding takes from one goes to the next, so that their sum stays right.

    >>> list(_cents([Decimal("0.004")] * 5))
    [0, 1, 0, 1, 0]
    """
    carried = Decimal(0)
    for amount in amounts:
        exact = amount * 100 + carried
        cents = exact.quantize(Decimal(1))
        carried = exact - cents
        yield int(cents)
