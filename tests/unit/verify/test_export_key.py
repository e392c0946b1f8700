"""The customer's key of the bucket of exports: who may use it, and what cannot be told."""

from typing import Any

import pytest

from harness.finding import Finding
from harness.state import LiveKey, Unreadable
from harness.verify import verify
from tests.unit.verify.broken_cost_exports import changed
from tests.unit.verify.live import APPLY, TODAY, loaded, right_state

KEY = "arn:aws:kms:eu-central-1:111111111111:key/1"
ALLOW = {
    "Effect": "Allow",
    "Principal": {"Service": "bcm-data-exports.amazonaws.com"},
    "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}},
}
REPORTS = {**ALLOW, "Principal": {"Service": "billingreports.amazonaws.com"}}


def found(key: LiveKey | Unreadable | None) -> Finding:
    """Return the one finding on a key that env.yaml names."""
    dictionary, environment = loaded()
    section = environment.cost_exports
    assert section
    bucket = section.bucket.model_copy(update={"kms_key_arn": KEY})
    named = environment.model_copy(update={"cost_exports": section.model_copy(update={"bucket": bucket})})
    findings = verify(dictionary, named, changed(right_state(), key=key), APPLY, TODAY)
    (finding,) = [each for each in findings if each.where == KEY and each.plane == "cost export"]
    assert finding.verdict == "pass" or finding.repair.startswith("Do ")
    return finding


def with_policy(*statements: dict[str, Any]) -> LiveKey:
    return LiveKey(KEY, "Enabled", {"Version": "2012-10-17", "Statement": [*statements]})


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        (with_policy(ALLOW), "pass"),
        (with_policy({**ALLOW, "Action": ["kms:GenerateDataKey*", "kms:De*"]}), "pass"),
        (with_policy(), "fail"),
        (with_policy(REPORTS), "fail"),
        (with_policy({**ALLOW, "Action": "kms:GenerateDataKey"}), "fail"),
        (with_policy({**ALLOW, "Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}}}), "fail"),
        (with_policy({**ALLOW, "Condition": {"StringEquals": {"kms:ViaService": "s3.amazonaws.com"}}}), "unknown"),
        (LiveKey(KEY, "Disabled"), "fail"),
        (LiveKey(KEY, "NotFound"), "fail"),
        (LiveKey(KEY, "Enabled", managed_by_aws=True), "fail"),
        (Unreadable("no", "AccessDeniedException"), "unknown"),
        (None, "unknown"),
    ],
)
def test_a_key_lets_data_exports_in(key: LiveKey | Unreadable | None, verdict: str) -> None:
    assert found(key).verdict == verdict


def test_the_repair_names_what_is_missing() -> None:
    finding = found(with_policy({**ALLOW, "Action": "kms:Decrypt"}))
    assert finding.repair == (
        "Do let bcm-data-exports.amazonaws.com kms:GenerateDataKey; modules/cost-export/README.md says what it needs"
    )


def test_without_a_key_in_env_yaml_none_is_looked_at() -> None:
    planes = [each.plane for each in verify(*loaded(), right_state(), APPLY, TODAY) if each.subject.startswith("key")]
    assert "cost export" not in planes
