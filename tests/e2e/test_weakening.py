"""A plan that takes governance away: plan warns, apply refuses, unless the user says why."""

import json
import re
from typing import Any

import pytest

pytestmark = pytest.mark.terraform

OWNER = "anycompany:finance:owner"
GOVERNANCE = "module.governance.module"


def edited(tagrail: Any, name: str, *edits: tuple[str, str]) -> None:
    """Replace texts of a file of envs/ by regular expression; each has to be there."""
    file = tagrail.root / "envs" / name
    text = file.read_text(encoding="utf-8")
    for pattern, new in edits:
        changed, count = re.subn(pattern, new, text)
        assert count, pattern
        text = changed
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def relaxed(applied: Any) -> Any:
    """The applied project, whose env.yaml now only reports at one unit."""
    edited(applied, "local/env.yaml", ("Workloads/Test: enforce", "Workloads/Test: report"))
    return applied


def attached(tagrail: Any) -> list[str]:
    client = tagrail.client("organizations")
    found = client.list_policies_for_target(TargetId="ou-tgrl-worktest", Filter="SERVICE_CONTROL_POLICY")["Policies"]
    return [policy["Name"] for policy in found if policy["Name"].startswith("anycompany-guardrail")]


def test_what_a_budget_lost_by_hand_is_given_back_without_a_reason(applied: Any) -> None:
    client = applied.client("budgets")
    about = {"AccountId": "111111111111", "BudgetName": "anycompany-ml-platform"}
    budget = client.describe_budget(**about)["Budget"]
    asked = ("BudgetName", "BudgetLimit", "CostTypes", "TimeUnit", "TimePeriod", "BudgetType")
    lost = {"TagKeyValue": [value.removeprefix("user:") for value in budget["CostFilters"]["TagKeyValue"]]}
    changed = {name: budget[name] for name in asked} | {"CostFilters": budget["CostFilters"] | lost}
    client.update_budget(AccountId=about["AccountId"], NewBudget=changed)
    assert applied.findings() != []
    applied.ok("apply")
    assert applied.findings() == []


def test_a_plan_that_only_adds_is_no_weakening(applied: Any) -> None:
    new = f"  {OWNER}-two:\n    purpose: A second owner.\n    category: finance\n    mandatory: true\n"
    new += "    cost_allocation: false\n    mandatory_for: [AWS::EC2::Instance]\n"
    edited(applied, "tags.yaml", ("\ntags:\n", f"\ntags:\n{new}"))
    done = applied("apply")
    assert done.returncode == 0, done.stderr
    assert "weakened" not in done.stderr


def test_plan_warns_of_what_it_takes_away(relaxed: Any) -> None:
    done = relaxed("plan")
    assert done.returncode == 0, done.stderr
    warnings = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    address = f'{GOVERNANCE}.tag_guardrail.aws_organizations_policy_attachment.this["Workloads/Test/1"]'
    assert warnings[0].startswith(f"warning: {address}: must leave in force what denies, reports or collects; got a ")
    assert {"(policy-weakened)"} == {line.rpartition(" ")[2] for line in warnings}


def test_apply_is_refused_and_changes_nothing(relaxed: Any) -> None:
    before = attached(relaxed)
    assert before
    done = relaxed("apply")
    assert (done.returncode, done.stdout) == (2, "")
    assert "service control policy is detached from ou-tgrl-worktest" in done.stderr
    assert "Do take the changes back, or pass --allow-weakening REASON where they are meant" in done.stderr
    assert attached(relaxed) == before


def test_apply_goes_on_with_a_reason_that_it_records(relaxed: Any) -> None:
    done = relaxed("apply", "--allow-weakening", "the trial at Test is over", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "allowed because: the trial at Test is over" in done.stderr
    findings = [found for found in json.loads(done.stdout)["findings"] if found["plane"] == "weakening"]
    assert {found["repair"] for found in findings} == {"allowed because: the trial at Test is over"}
    assert attached(relaxed) == []


def test_a_key_that_leaves_the_dictionary_is_named_by_each_plane_that_watched_it(relaxed: Any) -> None:
    edited(relaxed, "local/env.yaml", (f"  {OWNER}: platform-team\n", ""))
    edited(relaxed, "tags.yaml", (rf"  {OWNER}:\n(    .*\n)+", ""))
    done = relaxed("apply")
    assert done.returncode == 2
    assert f"the tag policies at r-tgrl watch {OWNER} no more (key-unwatched)" in done.stderr
    assert f"watches {OWNER} no more on AWS::DynamoDB::Table" in done.stderr
    relaxed.ok("apply", "--allow-weakening", "owners are in the register now")
    assert relaxed.findings() == []
    assert relaxed("apply").returncode == 0, "nothing is taken away any more"
