"""Ctrl-C during apply: terraform saves its state, the next apply continues, no emulator is left half-started."""

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from harness.emulator.process import status

pytestmark = pytest.mark.terraform

# While the provider waits: with one that stays warm the budgets, whose 5 s stay, else the rules as well.
WAITS = {"1": 'budgets_budget.this["ml-platform"]: creating', "0": '["anycompany-required-tags-1"]: still creating'}


def start(tagrail: Any, *arguments: str) -> subprocess.Popen[str]:
    """Start tagrail as the leader of a process group, as a shell does in the foreground."""
    return subprocess.Popen(
        [sys.executable, "-m", "harness", *arguments],
        cwd=tagrail.root,
        env=tagrail.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    pytest.fail(f"{text!r} never came")


def remove_widening_policy(tagrail: Any) -> None:
    """Take away what allows a unit more than the root does, as if terraform had not come to it."""
    client = tagrail.client("organizations")
    policies = client.list_policies(Filter="TAG_POLICY")["Policies"]
    for policy in (each for each in policies if each["Name"] == "anycompany-tags-Sandbox-1"):
        for target in client.list_targets_for_policy(PolicyId=policy["Id"])["Targets"]:
            client.detach_policy(PolicyId=policy["Id"], TargetId=target["TargetId"])
        client.delete_policy(PolicyId=policy["Id"])


def test_ctrl_c_while_the_emulator_starts_leaves_none(tagrail: Any) -> None:
    process = start(tagrail, "emulator", "start")
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    running = status("local", tagrail.root / ".tagrail" / "emulator")
    if process.returncode == 0:  # it was ready before the signal came: then it must be whole
        assert running is not None
    else:
        assert process.returncode == 130, errors
        assert running is None
    tagrail.ok("emulator", "start")


@pytest.mark.parametrize("warm", sorted(WAITS))
def test_ctrl_c_during_apply_saves_the_state_and_the_next_apply_continues(
    tagrail: Any, warm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAGRAIL_WARM_PROVIDER", warm)
    process = start(tagrail, "apply")
    read_until(process, WAITS[warm])
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=180)
    assert process.returncode == 130, errors
    assert output == ""
    states = list(tagrail.root.glob(f".tagrail/build/local-{tagrail.on}-*/envs/local/terraform.tfstate"))
    assert len(states) == 1
    held = {one["type"] for one in json.loads(states[0].read_text())["resources"] if one["mode"] == "managed"}
    assert "aws_organizations_policy" in held
    assert "aws_sns_topic" in held or "aws_kms_key" in held
    monkeypatch.delenv("TAGRAIL_WARM_PROVIDER")
    remove_widening_policy(tagrail)
    done = tagrail("apply")
    assert done.returncode == 0, done.stderr
    assert "allowed because: it is the rest of an apply that was interrupted" in done.stderr
    tagrail.ok("destroy")
