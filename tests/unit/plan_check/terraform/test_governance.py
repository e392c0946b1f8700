"""A plan that takes governance away: found by the check, refused until somebody says why."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import run
from harness.plan_check.terraform import decode_plan, weakening_findings
from harness.plan_check.terraform.governance import _PREFIXES
from harness.plan_check.weakening import TYPES
from tests.unit.plan_check.plans import change, plan
from tests.unit.plan_check.required import DICTIONARY

BUDGET = {"name": "team", "budget_type": "COST", "time_unit": "MONTHLY", "limit_unit": "USD", "tags": {}}
TAGS = {"tags_all": {"owner": "ml", "stage": "dev"}}


def raised(limit: str, actions: list[str] | None = None) -> dict[str, Any]:
    before, after = {**BUDGET, **TAGS, "limit_amount": "100"}, {**BUDGET, **TAGS, "limit_amount": limit}
    entry = change("aws_budgets_budget.b", after, actions=actions or ["update"])
    entry["change"]["before"] = before
    return entry


@pytest.mark.parametrize(("limit", "rules"), [("200", ["budget-raised"]), ("100", []), ("50", [])])
def test_a_budget_that_is_raised_is_found(limit: str, rules: list[str]) -> None:
    found = weakening_findings(decode_plan(plan([raised(limit)]), "plan.json"), "plan.json")
    assert [each.fault.rule for each in found] == rules


def test_a_new_budget_takes_nothing_away() -> None:
    entry = change("aws_budgets_budget.b", {**BUDGET, "limit_amount": "200"})
    assert weakening_findings(decode_plan(plan([entry]), "plan.json"), "plan.json") == ()


def test_every_type_that_governs_begins_as_the_plan_is_searched_for() -> None:
    assert [name for name in TYPES if not name.startswith(_PREFIXES)] == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--allow-weakening", "Agreed with finance."], 0),
        (["--allow-weakening", " "], 2),
        (["--write-baseline", "base.json"], 1),  # no baseline covers it
    ],
)
def test_the_check_fails_until_a_reason_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_bytes(plan([raised("200")]))
    (tmp_path / "tags.yaml").write_text(json.dumps(DICTIONARY, default=str), encoding="utf-8")
    assert run(["check", "plan.json", "--dictionary", "tags.yaml", *options]) == code
