"""What checkov's report on plans is read as: the plan says what must have a verdict, and silence is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import TagrailError
from harness.finding import Finding
from harness.plan_check.compiling import compile_files
from harness.static_audit.plans import IDS, audit_plans, changed_resources, read_plan, read_plan_findings

DICTIONARY = Path(__file__).parents[1] / "checkov" / "tags.yaml"
BUCKETS = ("aws_s3_bucket.tagged", "aws_s3_bucket.untagged")
MISSING = 'tags: must have "any:owner"; got none. Do add "any:owner" = "..."'


def change(address: str, *actions: str) -> dict[str, Any]:
    kind = address.split(".")[-2]
    return {"address": address, "type": kind, "change": {"actions": actions or ("create",), "after": {"tags_all": {}}}}


def plan(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": changes}


def record(file: Path, address: str, check: str, *details: str) -> dict[str, Any]:
    return {"file_abs_path": str(file.resolve()), "resource": address, "check_id": check, "details": list(details)}


def report(passed: list[dict[str, Any]], failed: list[dict[str, Any]]) -> str:
    results = {"passed_checks": passed, "failed_checks": failed, "skipped_checks": [], "parsing_errors": []}
    return json.dumps({"check_type": "terraform_plan", "results": results})


def read(text: str, *plans: Path, log: str = "") -> list[Finding]:
    """Return what does not pass."""
    return [found for found in read_plan_findings(text, log, dict.fromkeys(plans, BUCKETS)) if found.verdict != "pass"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A plan with two buckets."""
    found = tmp_path / "plan.json"
    found.write_text(json.dumps(plan(*map(change, BUCKETS))), encoding="utf-8")
    return found


def all_pass(file: Path) -> list[dict[str, Any]]:
    return [record(file, bucket, check) for bucket in BUCKETS for check in IDS]


def test_a_clean_plan_passes_with_a_finding_for_each_rule_and_resource(file: Path) -> None:
    addresses = read_plan(file)
    assert addresses == BUCKETS
    found = read_plan_findings(report(all_pass(file), []), "", {file: BUCKETS})
    assert {one.verdict for one in found} == {"pass"}
    assert len(found) == 1 + len(BUCKETS) * len(IDS)
    assert (found[0].where, found[0].held) == (str(file), "2 resources looked at")


def test_a_failed_rule_fails_with_plan_rule_address_and_repair(file: Path) -> None:
    failed = record(file, BUCKETS[1], "CKV2_TAGRAIL_1", MISSING, MISSING.replace("owner", "app"))
    (found,) = read(report([one for one in all_pass(file) if one != record(file, *_of(failed))], [failed]), file)
    assert (found.plane, found.where, found.verdict) == ("checkov plan", str(file), "fail")
    assert found.subject == "CKV2_TAGRAIL_1 aws_s3_bucket.untagged"
    assert found.held == 'tags: must have "any:owner"; got none; tags: must have "any:app"; got none'
    assert found.repair == 'Do add "any:owner" = "..."; add "any:app" = "..."'


def _of(failed: dict[str, Any]) -> tuple[str, str]:
    return failed["resource"], failed["check_id"]


def test_a_rule_without_a_verdict_is_unknown(file: Path) -> None:
    given = [one for one in all_pass(file) if _of(one) != (BUCKETS[0], "CKV2_TAGRAIL_3")]
    (found,) = read(report(given, []), file)
    assert (found.verdict, found.subject) == ("unknown", "CKV2_TAGRAIL_3 aws_s3_bucket.tagged")
    assert found.held.startswith("no verdict: known after apply")


def test_a_plan_that_checkov_passes_over_is_unknown(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(file.read_bytes())
    (found,) = read(report(all_pass(file), []), file, other)
    assert (found.verdict, found.where) == ("unknown", str(other))
    assert found.held == "checkov has no verdict on any of 2 resources"
    nothing = '{"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0}'
    assert [one.where for one in read(nothing, file, other)] == [str(file), str(other)]


@pytest.mark.parametrize(
    "text",
    [
        '{"format_version": "1.2", ',
        "",
        "3",
        "[]",
        "{}",
        '{"values": {}}',  # a state
        '{"planned_values": 1}',
        '{"planned_values": {}, "resource_changes": [{"address": "a.b"}]}',
        '{"planned_values": {}, "resource_changes": {"a": 1}}',
        "\udcff",
    ],
)
def test_what_is_no_plan_is_unknown_without_checkov(text: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(text, encoding="utf-8", errors="surrogateescape")
    requirements = compile_files(DICTIONARY, None, "")
    (found,) = audit_plans([broken, broken], requirements, tmp_path, tmp_path / "out", pytest.fail)
    assert (found.verdict, found.where, found.subject) == ("unknown", str(broken), "plan")
    assert found.held.startswith("it cannot be read as a plan")
    assert found.repair == "Do write it anew: terraform show -json PLAN > FILE.json"


def test_a_check_that_crashed_is_unknown(file: Path) -> None:
    (found,) = read(report(all_pass(file), []), file, log="x [ERROR]  Failed to run check CKV2_TAGRAIL_1\n")
    assert (found.verdict, found.where) == ("unknown", "plans_log.txt")


def test_only_what_a_plan_changes_and_tags_must_have_a_verdict() -> None:
    content = plan(
        *(change(f"aws_s3_bucket.b{number}", action) for number, action in enumerate(("no-op", "delete", "update"))),
        change("aws_s3_bucket_policy.takes_no_tags"),
        change("random_id.of_another_provider"),
        change("data.aws_s3_bucket.read", "read"),
        change("module.m[0].aws_sqs_queue.replaced", "delete", "create"),
    )
    assert changed_resources(content) == ("aws_s3_bucket.b2", "module.m[0].aws_sqs_queue.replaced")


def test_a_missing_plan_is_refused_before_anything_is_installed(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match=r"--plan: must be a file; got .*none\.json\. Do run terraform show -json"):
        audit_plans([tmp_path / "none.json"], compile_files(DICTIONARY, None, ""), tmp_path, tmp_path / "out", print)
