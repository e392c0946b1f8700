"""Make the small cube of costs by several dimensions that the page filters."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from harness.costs.breakdowns import OTHERS, Scope
from harness.costs.charges import COSTS
from harness.costs.ledger import Ledger
from harness.costs.model import Cube

MOST_ROWS: Final = 30_000
_MOST_VALUES: Final = 400
_FEWEST_VALUES: Final = 8


def make_cube(ledger: Ledger, scope: Scope, keys: tuple[str, ...], most_rows: int = MOST_ROWS) -> Cube:
    """Return the costs by month, account, service and these keys of the dictionary.

    Where that were more rows than `most_rows`, the cheapest values of the dimension with most values become one, until
    it fits. The sums of a cube are those of the report, to the cent. Raises: nothing.
    """
    columns = {"Month": "Month", "SubAccountId": "SubAccountId", "ServiceName": "ServiceName"}
    columns |= {key: ledger.column(key) for key in keys}
    chosen = ", ".join(f"COALESCE({column}, '') AS d{number}" for number, column in enumerate(columns.values()))
    sums = ", ".join(f"SUM({name}) AS {name}" for name in COSTS)
    connection = ledger.connection
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cube AS SELECT {chosen}, {sums} FROM facts WHERE {scope.where} GROUP BY ALL"
    )
    values = [_ranked(connection, number) for number in range(len(columns))]
    kept = [min(len(held), _MOST_VALUES) for held in values]
    count = _number(connection, values, kept)
    while count > most_rows:
        widest = max(range(1, len(kept)), key=lambda number: kept[number])
        if kept[widest] <= _FEWEST_VALUES:
            break
        kept[widest] //= 2
        count = _fold(connection, [f"LEAST(d{number}, {most})" for number, most in enumerate(kept)])
    shown = tuple(
        (*held[:most], *((OTHERS,) if most < len(held) else ())) for held, most in zip(values, kept, strict=True)
    )
    return Cube(tuple(columns), shown, _rows(connection, len(columns)))


def _ranked(connection: Any, number: int) -> list[str]:
    """Return the values of a dimension, dearest first; months in order."""
    order = "ABS(SUM(EffectiveCost)) DESC, 1" if number else "1"
    return [row[0] for row in connection.execute(f"SELECT d{number} FROM cube GROUP BY 1 ORDER BY {order}").fetchall()]


def _number(connection: Any, values: Sequence[Sequence[str]], kept: Sequence[int]) -> int:
    """Put the rank of each value in its place, that of the first one left out for all the others."""
    joins = []
    for number, held in enumerate(values):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE v{number} AS SELECT UNNEST($values::VARCHAR[]) AS value, "
            "UNNEST(RANGE($count))::INTEGER AS rank",
            {"values": held, "count": len(held)},
        )
        joins.append(f"JOIN v{number} ON v{number}.value = cube.d{number}")
    return _fold(connection, [f"LEAST(v{number}.rank, {most})" for number, most in enumerate(kept)], " ".join(joins))


def _fold(connection: Any, numbers: Sequence[str], joins: str = "") -> int:
    """Sum up rows that have become alike, and return how many there are."""
    shown = ", ".join(f"{sql} AS d{number}" for number, sql in enumerate(numbers))
    sums = ", ".join(f"SUM({name}) AS {name}" for name in COSTS)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE folded AS SELECT {shown}, {sums} FROM cube {joins} GROUP BY ALL")
    connection.execute("DROP TABLE cube; ALTER TABLE folded RENAME TO cube")
    found: tuple[int] = connection.execute("SELECT COUNT(*) FROM cube").fetchone()
    return found[0]


def _rows(connection: Any, count: int) -> tuple[tuple[int, ...], ...]:
    """Return the rows of the cube in order of its first `count` columns, their costs in cents."""
    rows = connection.execute("SELECT * FROM cube ORDER BY ALL").fetchall()
    cents = list(zip(*(_cents(column) for column in zip(*(row[count:] for row in rows), strict=True)), strict=True))
    return tuple((*row[:count], *cents[at]) for at, row in enumerate(rows))


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
