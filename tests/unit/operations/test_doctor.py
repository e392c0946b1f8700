"""Doctor passes what is absent by choice, and says of a target what its caller may do."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.cli import run
from harness.emulator.process import start, stop
from harness.finding import Finding
from harness.operations.doctor import diagnose
from harness.operations.folders import emulator_folder

pytestmark = pytest.mark.emulator

ROOT = Path(__file__).resolve().parents[3]
IDENTITY = b"""<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::222200000003:user/jo</Arn>
<UserId>u</UserId><Account>222200000003</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""
EMPTY_LISTS = {
    name: f"<{name}Response><{name}Result/></{name}Response>".encode()
    for name in ("ListPolicies", "ListStackSets", "ListTopics")
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "envs", tmp_path / "envs", ignore=shutil.ignore_patterns(".terraform", "*.tfstate*"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def emulator(project: Path) -> Iterator[Path]:
    folder = emulator_folder(project)
    start("local", folder, project / "envs/local/organization.yaml")
    yield project
    stop("local", folder)


def of(findings: tuple[Finding, ...], subject: str) -> Finding:
    (found,) = (finding for finding in findings if finding.subject == subject)
    return found


def test_a_terraform_that_will_be_fetched_passes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setenv("XDG_CACHE_HOME", str(project))
    monkeypatch.delenv("TAGRAIL_TERRAFORM", raising=False)
    monkeypatch.setenv("TAGRAIL_RELEASES_URL", "https://releases.example.com")
    findings = diagnose(project)
    terraform = of(findings, "terraform")
    assert terraform.verdict == of(findings, "AWS provider").verdict == "pass"
    assert terraform.held.startswith("none yet; 1.")
    assert "will be fetched from https://releases.example.com/" in terraform.held


def test_a_terraform_that_cannot_be_used_fails_and_the_repair_is_shown(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAGRAIL_TERRAFORM", "nothing")
    terraform = of(diagnose(project), "terraform")
    assert terraform.held == 'TAGRAIL_TERRAFORM: must be a program that can be run; got "nothing"'
    assert terraform.repair == "Do set TAGRAIL_TERRAFORM to terraform or tofu >= 1.10, or unset it"
    assert run(["doctor"]) == 1
    assert f"terraform: {terraform.repair}\n" in capsys.readouterr().out


def test_without_an_environment_no_target_is_asked(project: Path) -> None:
    assert {finding.plane for finding in diagnose(project)} == {"machine"}


def test_an_emulator_that_does_not_run_is_absent_by_choice(project: Path) -> None:
    found = of(diagnose(project, "local"), "emulator")
    assert (found.verdict, found.held) == ("pass", "none runs; make apply ENV=local starts one")
    assert not emulator_folder(project).exists(), "looking starts nothing"


def test_every_plane_of_a_running_emulator_answers(emulator: Path) -> None:
    found = {finding.subject: finding.verdict for finding in diagnose(emulator, "local") if finding.plane == "access"}
    assert found == {
        "account and organisation": "pass",
        "tag policy in eu-central-1": "pass",
        "Config rule in eu-central-1": "pass",
        "Config rule in us-east-1": "pass",
        "TagOption in eu-central-1": "pass",
        "cost allocation in eu-central-1": "pass",
        "cost category in eu-central-1": "pass",
        "anomaly detection in eu-central-1": "pass",
        "budget in eu-central-1": "pass",
        "cost export in eu-central-1": "pass",
        "cost export database in eu-central-1": "pass",
        "cost export workgroup in eu-central-1": "pass",
        "audit role in eu-central-1": "pass",
        "audit role StackSet in eu-central-1": "pass",
        "alert channel in eu-central-1": "pass",
    }


def test_what_aws_refuses_fails_by_itself(project: Path, serve_aws: Callable[[Any], None]) -> None:
    def answer(operation: str, _: bytes) -> tuple[int, bytes]:
        if operation == "GetCallerIdentity":
            return 200, IDENTITY
        if operation in EMPTY_LISTS:
            return 200, EMPTY_LISTS[operation]
        if operation == "DescribeOrganization":
            organization = {"Id": "o-prdexample1", "MasterAccountId": "222200000003"}
            return 200, json.dumps({"Organization": organization}).encode()
        if operation == "DescribeBudgets":
            return 400, json.dumps({"__type": "AccessDeniedException", "Message": "no"}).encode()
        return 200, b"{}"

    serve_aws(answer)
    findings = [finding for finding in diagnose(project, "prod") if finding.plane == "access"]
    failed = [finding for finding in findings if finding.verdict != "pass"]
    assert [(one.subject, one.held, one.repair) for one in failed] == [
        (
            "budget in eu-central-1",
            "AccessDeniedException: no",
            "Do add budgets:ViewBudget to the caller's permissions",
        )
    ]
    assert len(findings) > 5
    assert not any("TagOption" in finding.subject for finding in findings), "prod offers nothing in Service Catalog"


def test_a_stranger_is_told_so_and_asked_nothing_more(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (found,) = (finding for finding in diagnose(project, "prod") if finding.plane == "access")
    assert found.verdict == "fail"
    assert found.repair.startswith("Do log in")
