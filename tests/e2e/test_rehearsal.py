"""Rehearsals of prod, in the order of the tests: from the shipped snapshot, and from one of an applied organisation."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from harness.emulator.lease import lease
from harness.emulator.seed import load_seed
from harness.emulator.seed_model import OrganizationPolicy, Seed
from harness.operations.life_cycle import apply
from harness.operations.rehearsal import open_rehearsal
from harness.operations.snapshot import snapshot, write_snapshot
from harness.project import load_project
from harness.snapshot import render_snapshot

pytestmark = pytest.mark.terraform

SANDBOX = "ou-prde-sandbox0"
ENVIRONMENT = "anycompany:workload:environment"
ROLE = "OrganizationAccountAccessRole"


def files(root: Path) -> set[str]:
    """The files of a project without what tagrail keeps below .tagrail."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if ".tagrail" not in path.parts and path.is_file()}


def emulators(root: Path) -> list[int]:
    found = []
    for candidate in psutil.process_iter(["cmdline"]):
        command = candidate.info["cmdline"] or []
        if "harness.emulator.server" in command and any(part.startswith(str(root)) for part in command):
            found.append(candidate.pid)
    return found


def rehearse(tagrail: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = tagrail("rehearse", "--env", "prod", "--format", "json", *arguments)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def before(tagrail: Any) -> set[str]:
    return files(tagrail.root)


@pytest.fixture(scope="module")
def shipped(tagrail: Any, before: set[str]) -> tuple[str, str, float]:
    started = time.monotonic()
    done = tagrail("rehearse", "--env", "prod")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, done.stderr, time.monotonic() - started


def rows(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_report_says_what_verify_finds_and_for_whom_policies_change(shipped: tuple[str, str, float]) -> None:
    text, _, seconds = shipped
    lines = rows(text)
    assert lines[0] == "effective tag policies: 25 of 25 accounts change"
    assert f"Sandbox (3) {ENVIRONMENT} only dev, experiment, prod, test may be the value stricter" in lines
    assert f"Workloads/Prod (7) {ENVIRONMENT} only prod, test may be the value stricter" in lines
    assert any(line.startswith(f"all but Sandbox, Workloads/Prod (15) {ENVIRONMENT} only dev, prod") for line in lines)
    assert any(line.startswith("nowhere new anycompany-guardrail-root-1, ") for line in lines)
    assert "impact: 28 of 162 tagged resources break the effective tag policies afterwards, 6 before" in lines
    assert "nobody looked: tagged resources of old-crm: the account is not active" in lines
    assert "effective policy 25 25 pass" in lines
    assert lines[-1].startswith("pass: ")
    assert seconds < 120


def test_progress_goes_to_stderr_and_names_the_emulator(shipped: tuple[str, str, float]) -> None:
    assert "rehearsing prod on an emulator of its own, http://127.0.0.1:" in shipped[1]


def test_nothing_is_left_behind(tagrail: Any, shipped: tuple[str, str, float], before: set[str]) -> None:
    assert files(tagrail.root) == before
    assert emulators(tagrail.root) == []
    assert list(tagrail.root.glob(".tagrail/build/*")) == []
    assert [path.name for path in tagrail.root.glob(".tagrail/work/*")] == ["prod-rehearsal-emulator"]


@contextmanager
def edited(tagrail: Any, old: str, new: str) -> Iterator[None]:
    """Let prod's env.yaml say something else for a while."""
    file = tagrail.root / "envs/prod/env.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def guarded(tagrail: Any, before: set[str]) -> dict[str, Any]:
    """The report as JSON, where prod enforces its guardrails in the sandbox and offers TagOptions."""
    options = "tag_option:\n  portfolios: [port-aaaaaaaaaaaaa]\n  products: [prod-bbbbbbbbbbbbb]"
    enforced = f"{options}\nguardrail:\n  organizational_units: {{Sandbox: enforce}}"
    with edited(tagrail, "guardrail:\n  root: report", enforced):
        code, report = rehearse(tagrail)
    assert (code, report["verdict"], report["snapshot"]) == (0, "pass", "2026-11-20")
    return report


def test_json_has_the_impact_by_account(guarded: dict[str, Any]) -> None:
    assert sum(each["after"] for each in guarded["impact"]) == 28
    first = guarded["impact"][0]
    assert (first["account"], first["before"], first["after"], first["denied"]) == ("222200000119", 0, 3, 2)
    (wrong,) = [one for one in first["broken"] if one["violation"]["value"] == "E-Commerce"]
    assert wrong["violation"]["key"] == "anycompany:finance:business-unit"
    assert wrong["is_new"]


def test_tag_options_are_offered_by_portfolios_that_no_snapshot_holds(guarded: dict[str, Any]) -> None:
    verdicts = [finding["verdict"] for finding in guarded["findings"] if finding["plane"] == "TagOption"]
    assert set(verdicts) == {"pass"}
    assert len(verdicts) >= 16


def test_guardrails_that_are_enforced_are_attached(guarded: dict[str, Any]) -> None:
    assert {(change["target"], change["kind"]) for change in guarded["control_policies"]} == {(SANDBOX, "new")}


@pytest.fixture(scope="module")
def applied(tagrail: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the organisation once prod has been applied to it."""
    folder = tmp_path_factory.mktemp("applied")
    project = load_project(tagrail.root, ["prod"])
    with open_rehearsal(project, "prod", tagrail.root / "envs/prod/snapshot.yaml") as session:
        apply(session, lambda _: True)
        write_snapshot(snapshot(session, role=ROLE, resources=True), folder / "snapshot.yaml")
    return folder / "snapshot.yaml"


def changed(file: Path, **members: Any) -> Path:
    """Write a snapshot with some members replaced beside the file."""
    seed: Seed = load_seed(file)[0].model_copy(update=members)
    other = file.with_name("changed.yaml")
    other.write_text(render_snapshot(seed), encoding="utf-8")
    return other


def test_an_earlier_apply_is_adopted_and_what_was_edited_by_hand_is_set_right(tagrail: Any, applied: Path) -> None:
    policies = [
        policy.model_copy(update={"content": policy.content.replace('"NIST"', '"NIST","SOC2"')})
        for policy in load_seed(applied)[0].policies
    ]
    file = changed(applied, policies=tuple(policies))
    with edited(tagrail, "guardrail:\n  root: report", "guardrail:\n  root: enforce"):
        done = tagrail("rehearse", "--env", "prod", "--format", "json", "--snapshot", str(file))
    assert done.returncode == 0, done.stderr
    assert "tag policy anycompany-tags-root-1 (p-" in done.stderr
    assert "left behind by an interrupted apply; the plan imports it as" in done.stderr
    report = json.loads(done.stdout)
    (row,) = report["tag_policies"]
    assert (row["keys"], row["values"], row["effect"]) == (["anycompany:regulatory:framework"], ["SOC2"], "stricter")
    assert len(row["accounts"]) == 25
    assert {(change["target"], change["kind"]) for change in report["control_policies"]} == {("r-prde", "attached")}


def test_a_policy_that_only_has_tagrails_name_is_refused(tagrail: Any, applied: Path) -> None:
    policies = [policy.model_copy(update={"description": "by hand"}) for policy in load_seed(applied)[0].policies]
    done = tagrail("rehearse", "--env", "prod", "--snapshot", str(changed(applied, policies=tuple(policies))))
    assert (done.returncode, done.stdout) == (2, "")
    assert 'must have a description that begins with "tagrail:" to be adopted; got "by hand"' in done.stderr
    assert emulators(tagrail.root) == []


def test_a_snapshot_of_another_organisation_is_refused_before_anything_starts(tagrail: Any) -> None:
    done = tagrail("rehearse", "--env", "staging", "--snapshot", "envs/prod/snapshot.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "envs/prod/snapshot.yaml:7: organization.id: must be organization_id of envs/staging/env.yaml" in done.stderr
    assert "Do run tagrail snapshot --env staging" in done.stderr


def test_without_a_snapshot_the_way_to_one_is_named(tagrail: Any) -> None:
    done = tagrail("rehearse", "--env", "dev")
    assert done.returncode == 2
    assert "snapshot.yaml: must be a snapshot; got no file. Do run tagrail snapshot --env dev" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_an_interrupted_rehearsal_leaves_no_emulator(tagrail: Any, before: set[str], number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", "rehearse", "--env", "prod"],
        cwd=tagrail.root,
        env=tagrail.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "budgets_budget.this" in line and "creating" in line:
            break
    assert len(emulators(tagrail.root)) == 1
    os.killpg(process.pid, number)
    output, errors = process.communicate(timeout=180)
    assert output == ""
    assert process.returncode == (130 if number == signal.SIGINT else -number), errors
    deadline = time.monotonic() + 20
    while emulators(tagrail.root) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert emulators(tagrail.root) == []
    assert files(tagrail.root) == before


def test_the_next_rehearsal_removes_what_a_killed_one_left_and_finds_a_foreign_policy(
    tagrail: Any, tmp_path: Path
) -> None:
    assert list(tagrail.root.glob(".tagrail/build/prod-emulator-*"))
    data = yaml.safe_load((tagrail.root / "envs/prod/snapshot.yaml").read_text(encoding="utf-8"))
    values = {"tag_key": {"@@assign": ENVIRONMENT}, "tag_value": {"@@assign": ["live"]}}
    content = json.dumps({"tags": {ENVIRONMENT: values}})
    data["policies"].append({"id": "p-foreign01", "name": "foreign", "type": "TAG_POLICY", "content": content})
    data["attachments"]["ou-prde-workldev"] = ["p-foreign01"]
    data["taken"] = str(data["taken"])
    data["unreadable"].append({"part": "tag policies", "of": ["another"], "reason": "denied", "code": "AccessDenied"})
    file = tmp_path / "snapshot.yaml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    code, report = rehearse(tagrail, "--snapshot", str(file))
    assert (code, report["verdict"]) == (1, "fail")
    failed = [one for one in report["findings"] if one["verdict"] == "fail" and not one["follows_from"]]
    assert [(one["plane"], one["subject"]) for one in failed] == [("tag policy", "foreign")]
    unknown = [one for one in report["findings"] if one["verdict"] == "unknown"]
    assert [(one["plane"], one["where"], one["subject"]) for one in unknown] == [
        ("snapshot", "another", "tag policies")
    ]
    assert list(tagrail.root.glob(".tagrail/build/*")) == []


def test_a_snapshot_is_taken_through_a_role_and_says_what_the_organisation_denies(tagrail: Any, tmp_path: Path) -> None:
    shipped = tmp_path / "snapshot.yaml"
    shutil.copy(tagrail.root / "envs/prod/snapshot.yaml", shipped)
    statement = {"Effect": "Deny", "Action": "tag:GetResources", "Resource": "*"}
    content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    denial = OrganizationPolicy(id="p-notags01", name="no-tags", type="SERVICE_CONTROL_POLICY", content=content)
    found = load_seed(shipped)[0]
    places = {**found.attachments, SANDBOX: ("p-FullAWSAccess", denial.id)}
    seed = changed(shipped, policies=(*found.policies, denial), attachments=places)
    file = tmp_path / "taken.yaml"
    with lease("prod", tagrail.root / ".tagrail/emulator", seed):
        done = tagrail("snapshot", "--env", "prod", "--target", "emulator", "--role", ROLE, "--out", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    ids = "222200000121, 222200000122, 222200000123"
    assert f"tagged resources of {ids}: could not be read: GetResources: AccessDeniedException" in done.stderr
    assert "tagged resources of 222200000124: was not looked at: the account is not active" in done.stderr
    assert done.stderr.endswith("taken.yaml: 25 accounts, 5 policies, 147 tagged resources\n")
    denied = load_seed(file)[0].unreadable[-1]
    assert (denied.part, ", ".join(denied.of), denied.code) == ("tagged resources", ids, "AccessDeniedException")
