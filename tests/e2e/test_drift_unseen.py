"""What terraform does not see, verify does: narrowed budgets, foreign policies, renamed units, blind regions."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

pytestmark = pytest.mark.terraform

PAYER = "111111111111"
BUDGET = "anycompany-ml-platform"
ENVIRONMENT = "anycompany:workload:environment"
Drift = Callable[[Any], AbstractContextManager[None]]


@contextmanager
def budget_changed(tagrail: Any, **fields: Any) -> Iterator[None]:
    """Change fields of a budget; one that is None goes."""
    client = tagrail.client("budgets")
    before = client.describe_budget(AccountId=PAYER, BudgetName=BUDGET)["Budget"]
    for computed in ("CalculatedSpend", "LastUpdatedTime"):
        before.pop(computed, None)
    changed = {key: value for key, value in {**before, **fields}.items() if value is not None}
    client.update_budget(AccountId=PAYER, NewBudget=changed)
    yield
    client.update_budget(AccountId=PAYER, NewBudget=before)


def budget_without_credits(tagrail: Any) -> AbstractContextManager[None]:
    return budget_changed(tagrail, CostTypes={"IncludeCredit": False})


def budget_with_an_expression(tagrail: Any) -> AbstractContextManager[None]:
    expression = {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon SageMaker"]}}
    return budget_changed(tagrail, CostFilters=None, CostTypes=None, FilterExpression=expression)


@contextmanager
def foreign_policy_at_the_root(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("organizations")
    root = client.list_roots()["Roots"][0]["Id"]
    content = {"tags": {ENVIRONMENT: {"tag_key": {"@@assign": ENVIRONMENT}, "tag_value": {"@@append": ["qa"]}}}}
    created = client.create_policy(Name="other", Description="x", Type="TAG_POLICY", Content=json.dumps(content))
    policy = created["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=policy, TargetId=root)
    yield
    client.detach_policy(PolicyId=policy, TargetId=root)
    client.delete_policy(PolicyId=policy)


@contextmanager
def recorder_of_a_further_region_stopped(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("config", "us-east-1")
    name = client.describe_configuration_recorders()["ConfigurationRecorders"][0]["name"]
    client.stop_configuration_recorder(ConfigurationRecorderName=name)
    yield
    client.start_configuration_recorder(ConfigurationRecorderName=name)


@contextmanager
def unit_renamed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("organizations")
    root = client.list_roots()["Roots"][0]["Id"]
    units = client.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    unit = next(found["Id"] for found in units if found["Name"] == "Sandbox")
    client.update_organizational_unit(OrganizationalUnitId=unit, Name="Playground")
    yield
    client.update_organizational_unit(OrganizationalUnitId=unit, Name="Sandbox")


CASES: tuple[tuple[Drift, str, str, str], ...] = (
    (budget_without_credits, "budget", f"{BUDGET}: cost type IncludeCredit", f"Do delete the budget {BUDGET}"),
    (budget_with_an_expression, "budget", f"{BUDGET}: filter expression", f"Do delete the budget {BUDGET}"),
    (foreign_policy_at_the_root, "tag policy", "other", "Do run aws organizations detach-policy --policy-id p-"),
    (recorder_of_a_further_region_stopped, "Config recorder", "recorder", "Do run make apply ENV=local"),
    (unit_renamed, "tag policy", "Sandbox", "Do correct the path"),
)


@pytest.mark.parametrize(("drift", "plane", "subject", "repair"), CASES, ids=[case[0].__name__ for case in CASES])
def test_drift_that_terraform_does_not_see_is_named_alone(
    applied: Any, drift: Drift, plane: str, subject: str, repair: str
) -> None:
    with drift(applied):
        (finding,) = applied.findings()
    assert (finding.plane, finding.subject, finding.verdict) == (plane, subject, "fail")
    assert finding.repair.startswith(repair)


def test_a_deleted_budget_is_made_anew_as_the_repair_says(applied: Any) -> None:
    budget_without_credits(applied).__enter__()
    applied.client("budgets").delete_budget(AccountId=PAYER, BudgetName=BUDGET)
    applied.ok("apply")
    assert applied.findings() == []


def test_what_was_read_is_told_on_stderr(applied: Any) -> None:
    done = applied("verify")
    assert done.returncode == 0
    assert "read accounts of the organisation: 10\n" in done.stderr
    assert "read budgets: 8\n" in done.stderr


def test_a_plan_reads_only_what_it_needs(applied: Any) -> None:
    done = applied("plan")
    assert done.returncode == 0
    read = [line.split(":")[0] for line in done.stderr.splitlines() if line.startswith("read ")]
    assert read == [
        "read accounts of the organisation",
        "read tag policies",
        "read service control policies",
        "read regions of AWS Config",
        "read budgets",
        "read topic of budget alerts",
        "read TagOptions",
        "read cost categories",
        "read anomaly monitors",
        "read exports of the bill",
        "read roles of audit and repair",
    ]
