"""A plan that sets right what somebody took away by hand takes nothing away; one that undoes a tightening does."""

import json
from typing import Any

import pytest

from harness.plan_check.terraform import PlanError, decode_plan, governance
from harness.plan_check.weakening import TYPES, Change, changes_of, drifted_of, weakenings
from tests.unit.plan_check.weakening.changes import becomes, goes

BUDGET = "aws_budgets_budget.this"


def budget(watched: str = "user:team$ml", limit: str = "100", **more: Any) -> dict[str, Any]:
    filters = [{"name": "TagKeyValue", "values": [watched]}]
    held = {"name": "ml", "budget_type": "COST", "time_unit": "MONTHLY", "limit_unit": "USD", "notification": []}
    return {**held, "limit_amount": limit, "cost_filter": filters, **more}


APPLIED, WATCHES_NOTHING = budget(), budget("team$ml")


def lost(change: Change, drift: Change) -> list[str]:
    return [each.fault.path for each in weakenings([change], drifted=[drift])]


def test_what_somebody_took_away_is_set_right_without_a_reason() -> None:
    drift = becomes(BUDGET, APPLIED, **WATCHES_NOTHING)
    assert lost(becomes(BUDGET, WATCHES_NOTHING, **APPLIED), drift) == []
    assert lost(becomes(BUDGET, WATCHES_NOTHING, **APPLIED), becomes("aws_budgets_budget.b", {}, a="b")) != []


def test_what_somebody_tightened_is_loosened_with_a_reason_alone() -> None:
    low = budget(limit="50")
    assert lost(becomes(BUDGET, low, **APPLIED), becomes(BUDGET, APPLIED, **low)) == ["limit_amount"]
    both = budget("team$ml", limit="50")  # one taken away, one tightened
    assert lost(becomes(BUDGET, both, **APPLIED), becomes(BUDGET, APPLIED, **both)) == ["limit_amount"]


def test_a_plan_that_takes_away_more_than_was_there_needs_a_reason() -> None:
    drift = becomes(BUDGET, APPLIED, **WATCHES_NOTHING)
    assert lost(becomes(BUDGET, WATCHES_NOTHING, **budget("user:team$other")), drift) == ["cost_filter"]
    assert lost(becomes(BUDGET, WATCHES_NOTHING, "cost_filter", **APPLIED), drift) == ["cost_filter"]
    assert lost(goes(BUDGET, **WATCHES_NOTHING), drift) == ["name"]


def plan(before: Any, after: Any, drifted_from: Any) -> dict[str, Any]:
    entry = {"address": BUDGET, "type": "aws_budgets_budget", "mode": "managed"}
    change = {"actions": ["update"], "before": before, "after": after, "after_unknown": {}}
    drift = {"actions": ["update"], "before": drifted_from, "after": before}
    return {
        "format_version": "1.2",
        "resource_changes": [{**entry, "change": change}],
        "resource_drift": [{**entry, "change": drift}],
    }


def test_drift_that_names_no_resource_is_about_none() -> None:
    anonymous = plan(WATCHES_NOTHING, APPLIED, APPLIED)
    del anonymous["resource_drift"][0]["address"]
    assert len(weakenings(changes_of(anonymous, TYPES), drifted=drifted_of(anonymous, TYPES))) == 1
    assert len(governance.weakening_findings(decode_plan(json.dumps(anonymous).encode(), "p"), "p")) == 1


def test_drift_that_cannot_be_read_is_refused() -> None:
    broken = decode_plan(json.dumps(plan(APPLIED, budget(limit="200"), APPLIED) | {"resource_drift": 1}).encode(), "p")
    with pytest.raises(PlanError, match="must have resource_drift as terraform shows it"):
        governance.weakening_findings(broken, "p")


def test_drift_is_read_from_a_plan() -> None:
    mended = plan(WATCHES_NOTHING, APPLIED, APPLIED)
    assert weakenings(changes_of(mended, TYPES), drifted=drifted_of(mended, TYPES)) == ()
    assert governance.weakening_findings(decode_plan(json.dumps(mended).encode(), "p"), "p") == ()
    low = budget(limit="50")
    loosened = decode_plan(json.dumps(plan(low, APPLIED, APPLIED)).encode(), "p")
    assert [each.fault.rule for each in governance.weakening_findings(loosened, "p")] == ["budget-raised"]
