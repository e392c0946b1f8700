"""A cost allocation tag that the state holds is never taken for dropped because billing did not list it once."""

import json
import sys
from pathlib import Path

import pytest

from harness.operations.addresses import COST_TAG, indexed
from harness.operations.life_cycle import forget
from harness.operations.planning import cost_tags, known_statuses, retained_keys
from harness.operations.session import Session
from harness.terraform import Terraform

OWNER, DROPPED = "anycompany:finance:owner", "old:key"
OWNER_ADDRESS, DROPPED_ADDRESS = indexed(COST_TAG, OWNER), indexed(COST_TAG, DROPPED)
HELD = (DROPPED_ADDRESS, OWNER_ADDRESS, "module.governance.module.budget.aws_sns_topic.this[0]")

# Answers as terraform does of a state that holds HELD, and notes each call.
FAKE = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["FAKE_LOG"], "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1:3] == ["state", "list"]:
    sys.stdout.write(os.environ["FAKE_STATE"])
if sys.argv[1] == "show":
    rows = [dict(address=a, values=dict(status="Inactive")) for a in os.environ["FAKE_STATE"].splitlines()]
    print(json.dumps(dict(values=dict(root_module=dict(child_modules=[dict(resources=rows)])))))
"""


@pytest.fixture
def terraform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terraform:
    binary = tmp_path / "terraform"
    binary.write_text(FAKE)
    binary.chmod(0o755)
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("FAKE_STATE", "".join(f"{address}\n" for address in HELD))
    return Terraform(binary, tmp_path)


def calls(folder: Path) -> list[list[str]]:
    log = folder / "log"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def test_a_key_that_billing_omits_keeps_the_status_of_the_state(terraform: Terraform) -> None:
    held = cost_tags(HELD)
    assert held == {OWNER: OWNER_ADDRESS, DROPPED: DROPPED_ADDRESS}
    assert known_statuses(terraform, held, {DROPPED: "Active", "other": "Active"}) == {
        DROPPED: "Active",
        "other": "Active",
        OWNER: "Inactive",
    }


def test_the_state_is_not_read_when_billing_lists_everything(terraform: Terraform, tmp_path: Path) -> None:
    billed = {OWNER: "Active", DROPPED: "Active"}
    assert known_statuses(terraform, cost_tags(HELD), billed) == billed
    assert calls(tmp_path) == []


@pytest.mark.parametrize("billed", [{}, {OWNER: "Active"}, {OWNER: "Active", DROPPED: "Active"}])
def test_only_what_nothing_asks_for_is_retained(
    aws_session: Session, terraform: Terraform, billed: dict[str, str]
) -> None:
    known = known_statuses(terraform, cost_tags(HELD), billed)
    assert retained_keys(aws_session, HELD, known) == [DROPPED]
    assert DROPPED in known


def test_only_what_the_state_still_holds_is_forgotten(terraform: Terraform, tmp_path: Path) -> None:
    forget(terraform, [indexed(COST_TAG, "gone"), DROPPED_ADDRESS])
    assert calls(tmp_path) == [["state", "list"], ["state", "rm", DROPPED_ADDRESS]]


def test_nothing_is_asked_when_nothing_is_to_be_forgotten(terraform: Terraform, tmp_path: Path) -> None:
    forget(terraform, [])
    forget(terraform, [indexed(COST_TAG, "gone")])
    assert calls(tmp_path) == [["state", "list"]]
