"""What the page reads: money in whole cents, and a cube that is the report's own when it is read back."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.costs.model import Costs, Cube, Row
from harness.report.columns import DIGITS, cents
from harness.report.costs.encoding import encode
from harness.report.page import data_text
from tests.cost_reports import ml_platform

REPORT = ml_platform(count=400)


def encoded(**changes: object) -> dict[str, Any]:
    return json.loads(data_text(encode(msgspec.structs.replace(REPORT, **changes))))  # type: ignore[no-any-return]


def read_cube(written: dict[str, Any]) -> list[tuple[int, ...]]:
    """Read a cube back, as data.js does."""
    digits = {sign: number for number, sign in enumerate(written["digits"])}
    columns = []
    for text, width in zip(written["columns"], written["width"], strict=True):
        pieces = [text[start : start + width] for start in range(0, len(text), width)]
        numbers = []
        for piece in pieces:
            number = 0
            for sign in piece:
                number = number * len(digits) + digits[sign]
            numbers.append(number)
        columns.append(numbers)
    billed, more, most = written["costs"]
    effective = [first + second for first, second in zip(billed, more, strict=True)]
    amortized = [first + second for first, second in zip(effective, most, strict=True)]
    return list(zip(*columns, billed, effective, amortized, strict=True))


def test_digits_need_no_escape() -> None:
    assert len(set(DIGITS)) == len(DIGITS) == 88
    assert not set(DIGITS) & set("\"\\<>&'`")


def test_cube_is_read_back() -> None:
    assert read_cube(encoded()["cube"]) == [*REPORT.cube.rows]


@given(st.integers(1, 20_000), st.data())
def test_cube_of_any_number_of_values_is_read_back(count: int, data: st.DataObject) -> None:
    amount = st.integers(-(10**12), 10**12)
    rows = data.draw(st.lists(st.tuples(st.integers(0, count - 1), amount, amount, amount), max_size=5))
    cube = Cube(("ServiceName",), (tuple(map(str, range(count))),), tuple(rows))
    assert read_cube(encoded(cube=cube)["cube"]) == rows


@pytest.mark.parametrize(
    ("amount", "whole"), [("0.005", 0), ("0.015", 2), ("-0.015", -2), ("1e-12", 0), ("123456789012.34", 12345678901234)]
)
def test_money_is_rounded_to_cents_once(amount: str, whole: int) -> None:
    assert cents(Decimal(amount)) == whole


def test_months_are_summed_before_they_are_rounded() -> None:
    third = (Decimal("0.333"),) * 13
    rows = tuple(Row(name, Costs(*(Decimal("4.329"),) * 3), third, third, third) for name in "abc")
    breakdown = msgspec.structs.replace(REPORT.breakdowns[0], rows=rows)
    assert encoded(breakdowns=(breakdown,))["monthTotals"] == [[100] * 13] * 3


def test_a_row_holds_each_cost_of_each_month() -> None:
    row = REPORT.breakdowns[1].rows[0]
    written = next(one for one in encoded()["breakdowns"] if one["dimension"] == "ServiceName")["rows"][0]
    value, total, billed, more, most = written
    assert (value, total) == (row.value, [cents(amount) for amount in msgspec.structs.astuple(row.costs)])
    assert billed == [cents(amount) for amount in row.billed]
    assert [sum(three) for three in zip(billed, more, most, strict=True)] == [cents(one) for one in row.amortized]


def test_a_fault_is_found_under_its_values_of_the_cube() -> None:
    written = encode(REPORT)
    table = next(table for table in json.loads(msgspec.json.encode(written["faults"])) if table["by"] == "resource")
    fault = next(table for table in REPORT.faults if table.by == "resource").rows[0]
    carried = dict(zip(REPORT.cube.dimensions, table["rows"][0][8], strict=True))
    shown = {
        name: REPORT.cube.values[place][number] for place, (name, number) in enumerate(carried.items()) if number >= 0
    }
    assert shown == fault.carried
    keys = [(table["texts"][key], table["texts"][wrong]) for key, wrong in table["rows"][0][3]]
    assert dict(keys) == fault.keys


def test_a_fault_of_which_nothing_is_known_carries_nothing() -> None:
    table = next(table for table in encoded()["faults"] if table["by"] == "account")
    assert table["rows"][0][8] == []
