"""Make bills of any size: a synthetic organisation with the shipped dictionary's keys, as AWS delivers them.

`python -m tests.bench.bills --lines 1000000 --layout cur2 --out FOLDER`. The same seed gives the same bytes. There is a
file for each month, with a line a day for each resource; of a hundred lines one is covered by a Savings Plan and one is
its negation, one is covered by a reservation, three have no resource, and one is a tax, a credit, a refund or a fee.
`truth.json` beside the export holds what the lines come to, summed in whole billionths as they were made and never read
from the bill.
"""

import argparse
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from harness.costs.charges import literal
from tests.bench.bill_layouts import LAYOUTS, write_month
from tests.bench.bill_resources import make_resources, read_keys

TRUTH = "truth.json"
_FIRST = (2025, 11)
_LINES_OF_A_RESOURCE = 336
_LEAST_RESOURCES = 501
_ODD = ("Tax", "Credit", "Fee", "RIFee", "SavingsPlanRecurringFee", "Refund")


def write_bill(
    folder: Path, lines: int, *, accounts: int = 400, months: int = 12, seed: int = 1, layout: str = "cur2"
) -> Path:
    """Write a bill and return its folder. Raises: OSError when it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = {literal(str(folder / 'spilled'))}")
    resources = _no_divisor_of_a_hundred(max(_LEAST_RESOURCES, lines // _LINES_OF_A_RESOURCE))
    make_resources(connection, resources, accounts, seed, LAYOUTS[layout].spell)
    connection.execute(
        "CREATE TABLE spent (month VARCHAR, res BIGINT, kind VARCHAR, has_resource BOOLEAN, billed HUGEINT, "
        "effective HUGEINT, lines BIGINT)"
    )
    keys = read_keys()
    for number in range(months):
        year, month = divmod(_FIRST[0] * 12 + _FIRST[1] - 1 + number, 12)
        name = f"{year}-{month + 1:02}"
        count = lines * (number + 1) // months - lines * number // months
        _make_lines(connection, name, count, resources, seed * 104_729 + number * 7_907)
        write_month(connection, LAYOUTS[layout], folder, name, keys)
        connection.execute(
            f"INSERT INTO spent SELECT '{name}', res, kind, has_resource, SUM(billed), SUM(effective), COUNT(*) "
            "FROM lines GROUP BY ALL"
        )
    (folder / TRUTH).write_text(json.dumps(_truth(connection), indent=1), encoding="utf-8")
    return folder


def _no_divisor_of_a_hundred(count: int) -> int:
    """Return the next number that shares no divisor with 100, so that every resource has lines of every type."""
    return next(number for number in range(count, count + 10) if number % 2 and number % 5)


def _make_lines(connection: Any, month: str, count: int, resources: int, salt: int) -> None:
    """Make the table `lines` of a month, narrow, and the view `billed` with what their resources are."""
    first = f"DATE '{month}-01'"
    odd = f"[{', '.join(map(literal, _ODD))}]"
    paid = f"(1 + ((i // 100) * 7919 + {salt}) % 4000) * 25000000"
    connection.execute(
        f"CREATE OR REPLACE TABLE lines AS WITH typed AS (SELECT i, i % {resources} AS res, "
        f"CASE WHEN i % 100 = 0 THEN {odd}[1 + (i // 100 + {salt}) % {len(_ODD)}] "
        f"WHEN i % 100 = 10 AND i + 1 < {count} THEN 'SavingsPlanCoveredUsage' WHEN i % 100 = 11 THEN "
        "'SavingsPlanNegation' WHEN i % 100 = 20 THEN 'DiscountedUsage' ELSE 'Usage' END AS kind, "
        "i % 100 NOT IN (0, 1, 2, 3, 11) AS has_resource, "
        f"CASE WHEN i % 100 = 0 THEN {paid} ELSE 1 + ((i - (i % 100 = 11)::INT) * 7919 + {salt}) % 1000003 * "
        f"[9, 700, 4000, 33000][1 + (i // 2) % 4] END AS amount, "
        f"{first} + CAST(i * (LAST_DAY({first}) - {first} + 1) // {count} AS INTEGER) AS day FROM RANGE({count}) t(i)) "
        "SELECT i, res, kind, has_resource, day, CASE WHEN kind IN ('Credit', 'Refund', 'SavingsPlanNegation') "
        "THEN -amount WHEN kind = 'DiscountedUsage' THEN 0 ELSE amount END AS unblended, "
        "CASE WHEN kind IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation') THEN 0 ELSE unblended END AS billed, "
        "CASE kind WHEN 'SavingsPlanCoveredUsage' THEN amount * 7 // 10 WHEN 'SavingsPlanNegation' THEN 0 "
        "WHEN 'DiscountedUsage' THEN amount * 6 // 10 WHEN 'RIFee' THEN amount // 10 "
        "WHEN 'SavingsPlanRecurringFee' THEN amount // 10 ELSE unblended END AS effective FROM typed"
    )
    none = "CAST(MAP {} AS MAP(VARCHAR, VARCHAR))"
    connection.execute(
        f"CREATE OR REPLACE VIEW billed AS SELECT lines.* EXCLUDE (res), {first} AS month, account, name, division, "
        "CASE kind WHEN 'Fee' THEN 'AWS Support (Business)' WHEN 'SavingsPlanRecurringFee' THEN "
        "'Savings Plans for AWS Compute usage' ELSE service END AS service, code, usage, "
        "CASE WHEN kind IN ('Tax', 'Fee') THEN '' ELSE region END AS region, "
        f"CASE WHEN has_resource THEN resource ELSE '' END AS resource, CASE WHEN has_resource THEN tags ELSE {none} "
        "END AS tags FROM lines JOIN resources USING (res)"
    )


def _truth(connection: Any) -> dict[str, Any]:
    """Return the sums of all lines by month, of each mandatory key by what it amounts to, and of each key by value."""
    keys = read_keys()
    months = connection.execute(
        "SELECT month, SUM(billed), SUM(effective), SUM(lines)::BIGINT FROM spent GROUP BY 1 ORDER BY 1"
    ).fetchall()
    coverage: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, str]] = {}
    connection.execute("CREATE TABLE owned AS SELECT * FROM spent JOIN resources USING (res)")
    for at, key in enumerate(keys):
        shown = f"COALESCE(CASE WHEN has_resource THEN v{at} END, '')"
        values[key.name] = _amounts(connection, shown)
        if key.mandatory:
            coverage[key.name] = _amounts(connection, f"CASE WHEN has_resource THEN s{at} ELSE 'untaggable' END")
    required = [at for at, key in enumerate(keys) if key.mandatory]
    bad = " OR ".join(f"s{at} <> 'covered'" for at in required)
    dearest = connection.execute(
        f"SELECT resource, SUM(effective) FROM owned WHERE has_resource AND ({bad}) GROUP BY 1 ORDER BY 2 DESC, 1 "
        "LIMIT 1000"
    ).fetchall()
    return {
        "months": {
            name: {"billed": _money(billed), "effective": _money(effective), "lines": count}
            for name, billed, effective, count in months
        },
        "coverage": coverage,
        "values": values,
        "resources": {name: _money(cost) for name, cost in dearest},
    }


def _amounts(connection: Any, column: str) -> dict[str, str]:
    rows = connection.execute(f"SELECT {column}, SUM(effective) FROM owned GROUP BY 1 ORDER BY 1").fetchall()
    return {name: _money(cost) for name, cost in rows}


def _money(billionths: int) -> str:
    return str(Decimal(billionths).scaleb(-9))


def main(words: Sequence[str] | None = None) -> None:
    """Write the bill that the words describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--accounts", type=int, default=400)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", choices=[*LAYOUTS], default="cur2")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(words)
    write_bill(
        given.out, given.lines, accounts=given.accounts, months=given.months, seed=given.seed, layout=given.layout
    )


if __name__ == "__main__":
    main()
