"""A plan of a budget's limits fails once its last period is over, and not before."""

import datetime

import pytest

from harness.environment import Budget
from harness.verify.planned_limits import planned_limit_findings
from tests.unit.verify.live import loaded

YEAR = {f"2026-{month:02}": 5.0 for month in range(1, 13)}
QUARTERS = {f"2026-{month:02}": 5.0 for month in (1, 4, 7, 10)}


@pytest.mark.parametrize(
    ("time_unit", "limits", "today", "verdict", "repair"),
    [
        ("monthly", YEAR, "2025-11-25", "pass", ""),
        ("monthly", YEAR, "2026-11-25", "pass", ""),
        ("monthly", YEAR, "2026-12-31", "pass", ""),
        ("monthly", YEAR, "2027-01-01", "fail", "Do plan 12 months from 2027-01 on, or write limit_usd"),
        ("quarterly", QUARTERS, "2026-12-31", "pass", ""),
        ("quarterly", QUARTERS, "2027-03-31", "fail", "Do plan 4 quarters from 2027-01 on, or write limit_usd"),
        ("quarterly", QUARTERS, "2028-12-01", "fail", "Do plan 4 quarters from 2028-10 on, or write limit_usd"),
    ],
)
def test_a_plan_fails_once_every_period_is_over(
    time_unit: str, limits: dict[str, float], today: str, verdict: str, repair: str
) -> None:
    budget = Budget.model_validate({"time_unit": time_unit, "planned_limits_usd": limits, "alerts": ()})
    environment = loaded()[1].model_copy(update={"budgets": {"year": budget, "fixed": Budget(limit_usd=5, alerts=())}})
    (found,) = planned_limit_findings({"prod": environment}, datetime.date.fromisoformat(today))
    assert (found.where, found.subject, found.verdict) == ("envs/prod/env.yaml", "year", verdict)
    assert found.held == f"planned up to {max(limits)}"
    assert found.repair == repair
