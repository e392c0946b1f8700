"""The fixtures that a team uses for its own assertions, in a pytest run of their own."""

import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.terraform

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
