"""What of a budget may differ from what is wanted without being wrong, and what may not."""

import dataclasses
import datetime
from typing import Any

import pytest

from harness.documents import BudgetDocument, LimitDocument
from harness.finding import Finding
from harness.state import LiveBudget, Unreadable
from harness.verify.budgets import budget_findings
from tests.unit.verify.fault import BUDGET, budget, changed_budget
from tests.unit.verify.live import faults, right_state

KEY = "anycompany:workload:application-id"
SERVICE = {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon SageMaker"]}}


def tags(*values: str, key: str = KEY, **more: Any) -> dict[str, Any]:
    return {"Tags": {"Key": key, "Values": list(values), **more}}


def test_the_shipped_budget_is_what_the_expressions_below_say() -> None:
    assert budget(right_state()).filters == {
        "Service": ("Amazon SageMaker",),
        "TagKeyValue": (f"user:{KEY}$fraud-model", f"user:{KEY}$llm-chat"),
    }


@pytest.mark.parametrize(
    "expression",
    [
        {"And": [SERVICE, tags("llm-chat", "fraud-model")]},
        {"And": [tags("fraud-model", "llm-chat", key=f"user:{KEY}", MatchOptions=["EQUALS"]), SERVICE]},
        {"And": [SERVICE, {"Or": [tags("llm-chat"), tags("fraud-model")]}]},
    ],
)
def test_an_expression_that_says_what_the_filters_beside_it_say_passes(expression: dict[str, Any]) -> None:
    assert faults(changed_budget(right_state(), expression=expression)) == []


@pytest.mark.parametrize(
    "expression",
    [
        SERVICE,
        {"And": [SERVICE, tags("llm-chat")]},
        {"And": [SERVICE, tags("llm-chat", "fraud-model"), {"Not": SERVICE}]},
        {"And": [SERVICE, tags("llm-chat", "fraud-model"), SERVICE]},
        {"Or": [SERVICE, tags("llm-chat", "fraud-model")]},
        {"And": [SERVICE, tags("llm-chat", "fraud-model", MatchOptions=["STARTS_WITH"])]},
    ],
)
def test_an_expression_that_says_something_else_fails(expression: dict[str, Any]) -> None:
    (finding,) = faults(changed_budget(right_state(), expression=expression))
    assert finding.subject == f"{BUDGET}: filter expression"
    assert finding.repair == f"Do delete the budget {BUDGET}, and run make apply ENV=local"


@pytest.mark.parametrize("view", ["", "arn:aws:billing::111111111111:billingview/primary"])
def test_the_primary_billing_view_passes(view: str) -> None:
    assert faults(changed_budget(right_state(), billing_view=view)) == []


def test_one_budget_that_could_not_be_read_does_not_hide_the_others() -> None:
    state = right_state()
    assert not isinstance(state.budgets, Unreadable)
    budgets = {**state.budgets, BUDGET: Unreadable("reason", "ThrottlingException")}
    (finding,) = faults(dataclasses.replace(state, budgets=budgets))
    assert (finding.subject, finding.verdict) == (BUDGET, "unknown")
    assert finding.repair == "Do try again in a few minutes"


YEAR = {f"2026-{month:02d}": 1000.0 + month for month in range(1, 13)}
QUARTERS = {"2026-01": 1.0, "2026-04": 4.0, "2026-07": 7.0, "2026-10": 10.0}


def planned(*, wanted: dict[str, float], held: LimitDocument, unit: str, today: str) -> list[Finding]:
    document = BudgetDocument(LimitDocument("planned", usd_by_month=wanted), unit, {})
    state = dataclasses.replace(right_state(), budgets={"b": LiveBudget(held, unit, {}, ())})
    found = budget_findings({"b": document}, state, "make apply", datetime.date.fromisoformat(today))
    return [finding for finding in found if finding.verdict != "pass"]


def since(month: str, plan: dict[str, float]) -> LimitDocument:
    return LimitDocument("planned", usd_by_month={key: usd for key, usd in plan.items() if key >= month})


@pytest.mark.parametrize(
    ("wanted", "held", "unit", "today"),
    [
        (YEAR, since("2026-01", YEAR), "MONTHLY", "2026-01-01"),
        (YEAR, since("2026-01", YEAR), "MONTHLY", "2026-06-30"),
        (YEAR, since("2026-06", YEAR), "MONTHLY", "2026-06-30"),
        (YEAR, since("2026-12", YEAR), "MONTHLY", "2026-12-31"),
        (YEAR, LimitDocument("fixed", usd=1012.0), "MONTHLY", "2027-01-01"),
        (YEAR, since("2026-12", YEAR), "MONTHLY", "2028-01-01"),
        (QUARTERS, since("2026-04", QUARTERS), "QUARTERLY", "2026-06-30"),
        (QUARTERS, since("2026-10", QUARTERS), "QUARTERLY", "2026-12-31"),
        (QUARTERS, LimitDocument("fixed", usd=10.0), "QUARTERLY", "2027-01-01"),
    ],
)
def test_planned_limits_count_from_the_current_period_on(
    wanted: dict[str, float], held: LimitDocument, unit: str, today: str
) -> None:
    assert planned(wanted=wanted, held=held, unit=unit, today=today) == []


@pytest.mark.parametrize(
    ("wanted", "held", "unit", "today"),
    [
        (YEAR, since("2026-07", YEAR), "MONTHLY", "2026-06-30"),
        (YEAR, LimitDocument("planned", usd_by_month=YEAR | {"2026-12": 5.0}), "MONTHLY", "2026-12-31"),
        (YEAR, LimitDocument("fixed", usd=1012.0), "MONTHLY", "2026-12-31"),
        (YEAR, LimitDocument("fixed", usd=1011.0), "MONTHLY", "2027-01-01"),
        (QUARTERS, since("2026-07", QUARTERS), "QUARTERLY", "2026-06-30"),
    ],
)
def test_another_limit_of_the_current_period_or_a_later_one_fails(
    wanted: dict[str, float], held: LimitDocument, unit: str, today: str
) -> None:
    assert [finding.subject for finding in planned(wanted=wanted, held=held, unit=unit, today=today)] == ["b: limit"]
