"""What an interrupted apply made and did not note down is taken up by the next one."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.terraform

PAYER = "111111111111"


def test_apply_adopts_policies_rules_budgets_and_topic_that_the_state_lost(applied: Any) -> None:
    (file,) = applied.root.glob(".tagrail/build/local-emulator-*/envs/local/terraform.tfstate")
    state = json.loads(file.read_text(encoding="utf-8"))
    lost = {
        "aws_organizations_policy",
        "aws_organizations_policy_attachment",
        "aws_config_organization_managed_rule",
        "aws_budgets_budget",
        "aws_sns_topic",
    }
    kept = [one for one in state["resources"] if one["type"] not in lost]
    assert len(kept) < len(state["resources"])
    file.write_text(json.dumps(state | {"resources": kept, "serial": state["serial"] + 1}), encoding="utf-8")

    planned = applied("plan")
    assert "0 to destroy" in planned.stderr
    assert " to import, 0 to add, " in planned.stderr
    assert file.read_text(encoding="utf-8").count("aws_budgets_budget") == 0, "a plan changes no state"
    policies = applied.client("organizations").list_policies(Filter="TAG_POLICY")["Policies"]
    done = applied("apply")
    assert done.returncode == 0, done.stderr
    assert applied.client("organizations").list_policies(Filter="TAG_POLICY")["Policies"] == policies
    assert len(applied.client("budgets").describe_budgets(AccountId=PAYER)["Budgets"]) == 8
    assert applied("plan").stdout == "local on emulator: no changes\n"
