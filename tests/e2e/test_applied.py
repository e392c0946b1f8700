"""What an applied project offers: fixtures for a team's own assertions, and adoption of what the state lost."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.operations.life_cycle import apply
from harness.operations.session import open_session

pytestmark = pytest.mark.terraform

PAYER = "111111111111"
TEAM_TESTS = """
def test_prod_lost_dev(tagrail_effective_policy):
    policy = tagrail_effective_policy("ml-prod")
    assert policy["tags"]["anycompany:workload:environment"]["tag_value"] == ["test", "prod"]


def test_sandbox_got_experiment(tagrail_effective_policy):
    policy = tagrail_effective_policy("ml-lab")
    assert "experiment" in policy["tags"]["anycompany:workload:environment"]["tag_value"]


def test_everything_holds(tagrail_findings):
    assert [finding for finding in tagrail_findings if finding.verdict != "pass"] == []


def test_clients_talk_to_the_target(tagrail_client):
    assert tagrail_client("sts").get_caller_identity()["Account"] == "111111111111"


def test_an_unknown_account_is_named(tagrail_effective_policy):
    tagrail_effective_policy("nobody")
"""


def test_a_team_asserts_on_the_live_state(applied: Any) -> None:
    folder = applied.root / "team"
    folder.mkdir()
    (folder / "test_team.py").write_text(TEAM_TESTS, encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "-p", "harness.pytest_plugin", "--tagrail-root", str(applied.root)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        cwd=folder,
        env=applied.environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "4 passed" in done.stdout, done.stdout
    assert "1 failed" in done.stdout
    assert 'account "nobody": must exist in organisation o-tagraillocal' in done.stdout


def state_file(tagrail: Any) -> Path:
    (file,) = tagrail.root.glob(f".tagrail/build/local-{tagrail.on}-*/envs/local/terraform.tfstate")
    return Path(file)


def lose(tagrail: Any, types: set[str]) -> None:
    """Make terraform's state forget the resources of these types, as if an apply had been killed."""
    file = state_file(tagrail)
    state = json.loads(file.read_text(encoding="utf-8"))
    kept = [one for one in state["resources"] if one["type"] not in types]
    assert {one["type"] for one in state["resources"]} >= types
    file.write_text(json.dumps(state | {"resources": kept, "serial": state["serial"] + 1}), encoding="utf-8")


def test_apply_adopts_what_the_state_lost(applied: Any) -> None:
    lost = {
        "aws_organizations_policy",
        "aws_organizations_policy_attachment",
        "aws_config_organization_managed_rule",
        "aws_servicecatalog_tag_option",
        "aws_servicecatalog_tag_option_resource_association",
        "aws_ce_cost_category",
        "aws_ce_anomaly_monitor",
        "aws_ce_anomaly_subscription",
        "aws_budgets_budget",
        "aws_sns_topic",
        "aws_kms_key",
        "aws_kms_alias",
    }
    lose(applied, lost)
    planned = applied("plan")
    assert "0 to destroy" in planned.stderr
    assert " to import, 0 to add, " in planned.stderr
    assert "alert key alias alias/anycompany-budget-alerts: left behind by an interrupted apply" in planned.stderr
    held = json.loads(state_file(applied).read_text(encoding="utf-8"))["resources"]
    assert not lost & {one["type"] for one in held}, "a plan changes no state"
    policies = applied.client("organizations").list_policies(Filter="TAG_POLICY")["Policies"]
    done = applied("apply")
    assert done.returncode == 0, done.stderr
    assert applied.client("organizations").list_policies(Filter="TAG_POLICY")["Policies"] == policies
    assert len(applied.client("budgets").describe_budgets(AccountId=PAYER)["Budgets"]) == 8
    assert applied("plan").stderr.endswith(f"local on {applied.on}: no changes\n")


def test_apply_gives_the_alias_of_a_key_that_is_about_to_be_deleted_a_new_key(applied: Any) -> None:
    kms = applied.client("kms")
    old = kms.describe_key(KeyId="alias/anycompany-budget-alerts")["KeyMetadata"]["KeyId"]
    lose(applied, {"aws_kms_key", "aws_kms_alias"})
    kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=7)
    questions: list[str] = []

    def agree(question: str) -> bool:
        questions.append(question)
        return True

    findings = apply(open_session(applied.root, "local", None, start_emulator=False), agree)
    assert questions == [f"apply this plan, which adopts 1, to local on {applied.on}?"]
    assert {finding.verdict for finding in findings} == {"pass"}
    new = kms.describe_key(KeyId="alias/anycompany-budget-alerts")["KeyMetadata"]
    assert (new["KeyId"] != old, new["KeyState"]) == (True, "Enabled")
    assert kms.describe_key(KeyId=old)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_apply_gives_a_budget_without_any_alert_its_alerts_back(applied: Any) -> None:
    budgets = applied.client("budgets")
    about = {"AccountId": PAYER, "BudgetName": "anycompany-ml-platform"}
    for alert in budgets.describe_notifications_for_budget(**about)["Notifications"]:
        kept = ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
        budgets.delete_notification(**about, Notification={key: alert[key] for key in kept if key in alert})
    assert {one.plane for one in applied.findings()} == {"budget"}
    applied.ok("apply")
    assert applied.findings() == []
    assert applied("plan").stderr.endswith(f"local on {applied.on}: no changes\n")
