"""`tagrail audit` with checkov itself: on this repository, and on a project with one of every fault."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from harness.finding import Finding
from harness.static_audit import audit
from tests.project import REPOSITORY, Tagrail, copy_project

pytestmark = pytest.mark.checkov

SOUND = 'resource "aws_sns_topic" "this" {\n  kms_master_key_id = "alias/x"\n}\n'
FAULTS = {
    "modules/fails/main.tf": 'resource "aws_sns_topic" "this" {}\n',
    "modules/sound/main.tf": SOUND,
    "modules/given-reason/main.tf": 'resource "aws_sns_topic" "this" {\n  #checkov:skip=CKV_AWS_26:public news\n}\n',
    "modules/no-reason/main.tf": 'resource "aws_sns_topic" "this" {\n  #checkov:skip=CKV_AWS_26\n}\n',
    "modules/passed-over/main.tf": 'variable "x" {}\nresource "aws_sns_topic" "this" {\n'
    "  count = var.x == null ? 1 : 0\n}\n",
    "modules/unread/main.tf": SOUND,
    "modules/unread/broken.tf": 'locals {\n  x = "${join(",", [for k in { a = 1 } : "\\"${k}\\""])}"\n}\n',
    "envs/dev/main.tf": 'module "m" {\n  source = "../../modules/sound"\n}\n'
    'module "far" {\n  source = "git::https://git.example/far.git"\n}\n',
    "tests/elsewhere/main.tf": 'resource "aws_sns_topic" "this" {}\n',
}


@pytest.fixture(scope="module")
def audited(checkov: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Finding]]:
    """The findings of the project with faults, which lies below a folder called `tests`, by file and subject."""
    assert checkov.exists()
    root = tmp_path_factory.mktemp("audit") / "tests" / "modules-and.envs"
    for name, text in FAULTS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    shutil.copy(REPOSITORY / ".checkov.yaml", root)
    found = audit(root, root / "out", print)
    return root / "out", {
        f"{one.where.partition(':')[0]} {one.subject.split()[0]}": one
        for one in found
        if one.verdict != "pass" or one.note
    }


def test_each_fault_is_found_and_nothing_else(audited: tuple[Path, dict[str, Finding]]) -> None:
    verdicts = {name: found.verdict for name, found in audited[1].items()}
    broken = next(name for name in verdicts if "broken.tf" in name)
    assert verdicts == {
        "modules/fails/main.tf CKV_AWS_26": "fail",
        "modules/given-reason/main.tf CKV_AWS_26": "pass",
        "modules/no-reason/main.tf CKV_AWS_26": "fail",
        "modules/passed-over/main.tf aws_sns_topic.this": "unknown",
        broken: "unknown",
        "envs/dev/main.tf CKV_TF_1": "fail",  # a module from far away, which is not fetched
        "envs/dev/main.tf CKV_TF_2": "fail",
    }


def test_results_have_four_forms(audited: tuple[Path, dict[str, Finding]]) -> None:
    out, _ = audited
    assert "CKV_AWS_26" in (out / "results_cli.txt").read_text(encoding="utf-8")
    assert json.loads((out / "results_json.json").read_text(encoding="utf-8"))["summary"]["failed"]
    assert ElementTree.parse(out / "results_junitxml.xml").getroot().tag == "testsuites"  # noqa: S314 (our own file)
    sarif = json.loads((out / "results_sarif.sarif").read_text(encoding="utf-8"))
    assert sarif["version"] == "2.1.0"
    assert sarif["runs"][0]["results"]


def test_this_repository_is_clean(checkov: Path, tmp_path: Path) -> None:
    assert checkov.exists()
    project = Tagrail(copy_project(tmp_path / "project"))
    shutil.copy(REPOSITORY / ".checkov.yaml", project.root)
    done = project("audit")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 fail, 0 unknown" in done.stdout
    assert done.stderr.strip().endswith(str(Path(".tagrail", "audit")))
