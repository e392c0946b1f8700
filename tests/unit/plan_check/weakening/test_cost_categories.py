"""Cost categories before and after a plan: what they give, and by which keys."""

from typing import Any

from tests.unit.plan_check.weakening.changes import becomes, change, comes, found, goes, only, stays

UNIT, OTHER = "aws_ce_cost_category.this", "aws_ce_cost_category.other"


def by_tag(value: str, key: str) -> dict[str, Any]:
    return {"value": value, "inherited_value": [], "rule": [{"and": [], "tags": [{"key": key, "values": [value]}]}]}


def both(value: str, key: str) -> dict[str, Any]:
    leaf = [{"not": [{"tags": [{"key": key, "values": ["x"]}]}]}, {"dimension": [{"key": "REGION"}]}]
    return {"value": value, "inherited_value": [], "rule": [{"and": leaf}]}


def inherited(key: str) -> dict[str, Any]:
    return {"value": "", "inherited_value": [{"dimension_name": "TAG", "dimension_key": key}], "rule": []}


HELD = {"name": "Unit", "rule": [by_tag("ML", "team"), both("Data", "stage")]}
GONE = [("budget-raised", "fail", UNIT), ("key-unwatched", "fail", UNIT), ("key-unwatched", "fail", UNIT)]


def test_a_cost_category_that_goes_is_a_weakening() -> None:
    assert sorted(found(goes(UNIT, **HELD))) == GONE
    assert found(goes(UNIT, **HELD), comes(OTHER, **HELD)) == []
    assert only(goes(UNIT, name="Unit", rule=[]), comes(OTHER, "name", rule=[])).fault.verdict == "unknown"


def test_a_value_that_no_rule_gives_any_more_is_a_weakening_unless_values_are_inherited() -> None:
    weakening = only(becomes(UNIT, HELD, rule=[by_tag("ML", "team"), both("ML", "stage")]))
    assert weakening.what == "cost category Unit: no rule gives Data any more"
    inherits = [by_tag("ML", "team"), inherited("stage")]
    assert found(becomes(UNIT, HELD, rule=inherits)) == []
    assert found(becomes(UNIT, HELD, rule=[*HELD["rule"], by_tag("New", "team")])) == []


def test_a_key_that_none_sorts_by_any_more_is_unwatched() -> None:
    less = becomes(UNIT, HELD, rule=[by_tag("ML", "team"), by_tag("Data", "team")])
    assert found(less) == [("key-unwatched", "fail", UNIT)]
    assert found(less, stays(OTHER, name="Other", rule=[inherited("stage")])) == []
    assert found(less, comes(OTHER, "rule", name="Other")) == [("key-unwatched", "unknown", UNIT)]


def test_rules_that_are_known_after_apply_are_unknown() -> None:
    assert {verdict for _, verdict, _ in found(becomes(UNIT, HELD, "rule"))} == {"unknown"}


def test_one_that_is_made_anew_as_it_was_loses_nothing() -> None:
    assert found(change(UNIT, HELD, HELD, actions=("delete", "create"))) == []
