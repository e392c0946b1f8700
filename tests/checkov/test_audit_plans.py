"""`tagrail audit --plan` with checkov itself: a plan with a tagged and an untagged bucket, and a broken one."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.finding import Finding
from harness.plan_check.compiling import compile_files
from harness.static_audit import audit_plans
from tests.project import REPOSITORY, Tagrail, copy_project

from .conftest import HERE

pytestmark = pytest.mark.checkov

TAGS = {"any:app": "fraud-model", "any:env": "dev", "any:owner": "team-risk"}
SECRET = "kept-in-the-plan-alone"


def resource(name: str, tags: dict[str, str] | None) -> dict[str, Any]:
    address = {"address": f"aws_s3_bucket.{name}", "mode": "managed", "type": "aws_s3_bucket", "name": name}
    return {**address, "values": {"bucket": SECRET, "tags": tags, "tags_all": tags or {}}}


def plan(**buckets: dict[str, str] | None) -> str:
    """Return a plan that creates buckets, a value a line as `jq .` writes it."""
    resources = [resource(name, tags) for name, tags in buckets.items()]
    changes = [
        {**one, "change": {"actions": ["create"], "before": None, "after": one["values"], "after_unknown": {}}}
        for one in resources
    ]
    content = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": []}},
    }
    return json.dumps(content, indent=2)


@pytest.fixture(scope="module")
def audited(checkov: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Finding, ...]]:
    """The results and the findings of plans of one name in several folders, a broken one among them."""
    assert checkov.exists()
    root = tmp_path_factory.mktemp("plans")
    texts = {
        "a/plan.json": plan(tagged=TAGS, untagged=None),
        "b/plan.json": plan(tagged=TAGS, other=TAGS),
        "broken.json": plan(tagged=TAGS)[:-9],
        "nothing.json": plan(),
        "plan.txt": plan(tagged=TAGS),  # checkov takes .json alone, and does not say so
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    requirements = compile_files(HERE / "tags.yaml", None, "")
    found = audit_plans([root / name for name in texts], requirements, root, root / "out", print)
    return root, found


def test_each_bucket_gets_the_verdict_of_each_rule(audited: tuple[Path, tuple[Finding, ...]]) -> None:
    root, found = audited
    verdicts = {(str(Path(one.where).relative_to(root)), one.subject): one.verdict for one in found}
    not_passed = {key: verdict for key, verdict in verdicts.items() if verdict != "pass"}
    assert not_passed == {
        ("a/plan.json", "CKV2_TAGRAIL_1 aws_s3_bucket.untagged"): "fail",
        ("broken.json", "plan"): "unknown",
        ("plan.txt", "plan"): "unknown",
    }
    for rule in range(1, 9):
        assert verdicts["a/plan.json", f"CKV2_TAGRAIL_{rule} aws_s3_bucket.tagged"] == "pass"
        assert verdicts["b/plan.json", f"CKV2_TAGRAIL_{rule} aws_s3_bucket.other"] == "pass"
    assert verdicts["nothing.json", "plan"] == "pass"


def test_results_have_four_forms_and_no_text_of_the_plan(audited: tuple[Path, tuple[Finding, ...]]) -> None:
    out = audited[0] / "out"
    assert {file.name for file in out.iterdir()} == {
        "plans_cli.txt",
        "plans_json.json",
        "plans_junitxml.xml",
        "plans_log.txt",
        "plans_sarif.sarif",
    }
    for name in ("plans_cli.txt", "plans_json.json", "plans_junitxml.xml", "plans_sarif.sarif"):
        text = (out / name).read_text(encoding="utf-8")
        assert "CKV2_TAGRAIL_1" in text
        assert "CKV_AWS" not in text
        assert SECRET not in text


def test_the_command_joins_plans_to_the_rest(checkov: Path, tmp_path: Path) -> None:
    assert checkov.exists()
    project = Tagrail(copy_project(tmp_path / "project"))
    shutil.copy(REPOSITORY / ".checkov.yaml", project.root)
    (project.root / "new.json").write_text(plan(untagged={}), encoding="utf-8")
    done = project("audit", "--plan", "new.json", "--out", "out")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAIL checkov plan at new.json: CKV2_TAGRAIL_1 aws_s3_bucket.untagged" in done.stdout
    assert "1 fail, 0 unknown" in done.stdout
    assert {"plans_sarif.sarif", "results_sarif.sarif"} <= {file.name for file in (project.root / "out").iterdir()}
