"""What exports of the bill lose: columns, rows, times, resources, themselves."""

from typing import Any

import pytest

from tests.unit.plan_check.weakening.changes import becomes, change, comes, found, goes, only, stays

FOCUS = "aws_bcmdataexports_export.this"
RULE = "export-narrowed"
SELECT = "SELECT BilledCost, Tags FROM FOCUS_1_2_AWS"


def export(statement: Any = SELECT, name: str = "bill", table: str = "FOCUS_1_2_AWS", **settings: str) -> list[Any]:
    query = {"query_statement": statement, "table_configurations": {table: settings}}
    return [{"name": name, "data_query": [query]}]


def cur(**settings: str) -> list[Any]:
    return export("SELECT resource_tags FROM COST_AND_USAGE_REPORT", table="COST_AND_USAGE_REPORT", **settings)


def changed(before: list[Any], after: list[Any]) -> Any:
    return becomes(FOCUS, {"export": before}, export=after)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (export(), export("SELECT BilledCost FROM FOCUS_1_2_AWS"), "columns Tags go"),
        (export(), export(f"{SELECT} WHERE BilledCost > 0"), "only rows with BilledCost > 0"),
        (export(TIME_GRANULARITY="HOURLY"), export(TIME_GRANULARITY="DAILY"), "stand for longer times (daily)"),
        (export(), export(TIME_GRANULARITY="MONTHLY"), "stand for longer times (monthly)"),
        (cur(INCLUDE_RESOURCES="TRUE"), cur(INCLUDE_RESOURCES="FALSE"), "INCLUDE_RESOURCES is off"),
        (cur(INCLUDE_RESOURCES="TRUE"), cur(), "INCLUDE_RESOURCES is off"),
    ],
)
def test_less_is_named(before: list[Any], after: list[Any], what: str) -> None:
    lost = only(changed(before, after))
    assert (lost.fault.rule, lost.fault.verdict) == (RULE, "fail")
    assert what in lost.what


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (export("SELECT BilledCost FROM FOCUS_1_2_AWS"), export()),
        (export(), export("SELECT Tags, BilledCost FROM FOCUS_1_2_AWS")),
        (export(f"{SELECT} WHERE BilledCost > 0"), export()),
        (export(TIME_GRANULARITY="DAILY"), export(TIME_GRANULARITY="HOURLY")),
        (cur(INCLUDE_RESOURCES="FALSE"), cur(INCLUDE_RESOURCES="TRUE")),
    ],
)
def test_more_and_another_order_are_no_loss(before: list[Any], after: list[Any]) -> None:
    assert found(changed(before, after)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (export(f"{SELECT} WHERE BilledCost > 0"), export(f"{SELECT} WHERE BilledCost > 1")),
        (export(), export("SELECT BilledCost, Tags FROM FOCUS_1_0_AWS")),
        (export("SELECT * FROM X"), export()),
        (export(), export(None)),
    ],
)
def test_what_cannot_be_compared_is_unknown(before: list[Any], after: list[Any]) -> None:
    assert [each[:2] for each in found(changed(before, after))] == [(RULE, "unknown")]


def test_an_export_that_goes_is_named_and_one_in_its_place_compared() -> None:
    assert found(goes(FOCUS, export=export())) == [(RULE, "fail", FOCUS)]
    other = f"{FOCUS}2"
    assert found(goes(FOCUS, export=export()), comes(other, export=export())) == []
    narrower = export("SELECT BilledCost FROM FOCUS_1_2_AWS")
    assert found(goes(FOCUS, export=export()), comes(other, export=narrower)) == [(RULE, "fail", FOCUS)]
    assert found(goes(FOCUS, export=export()), comes(other, export=export(name="else"))) == [(RULE, "fail", FOCUS)]


def test_what_is_known_after_apply_is_unknown() -> None:
    assert found(becomes(FOCUS, {"export": export()}, "export")) == [(RULE, "unknown", FOCUS)]
    assert found(goes(FOCUS, export=export()), comes(f"{FOCUS}2", "export")) == [(RULE, "unknown", FOCUS)]


def test_replacing_is_compared_and_staying_is_nothing() -> None:
    both = change(FOCUS, {"export": export()}, {"export": export()}, actions=("delete", "create"))
    assert found(both, goes(f"{FOCUS}x", export=export(name="x"))) == [(RULE, "fail", f"{FOCUS}x")]
    assert found(stays(FOCUS, export=export())) == []
