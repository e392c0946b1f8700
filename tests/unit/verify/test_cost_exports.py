"""Exports that could not be read, and faults that cause others."""

import dataclasses

import pytest

from harness.state import LiveCatalog, Unreadable
from harness.verify import verify
from tests.unit.verify.broken_cost_exports import FOCUS, changed, changed_bucket, changed_export, live_exports
from tests.unit.verify.live import APPLY, TODAY, faults, loaded, right_state

DENIED = Unreadable("no", "AccessDeniedException")


def test_without_a_section_nothing_is_looked_at() -> None:
    dictionary, environment = loaded()
    bare = environment.model_copy(update={"cost_exports": None})
    state = dataclasses.replace(right_state(), cost_exports=DENIED)
    assert "cost export" not in {each.plane for each in verify(dictionary, bare, state, APPLY, TODAY)}


@pytest.mark.parametrize(
    ("part", "subject", "permission"),
    [
        ({"exports": DENIED}, "all exports", "bcm-data-exports:ListExports and bcm-data-exports:GetExport"),
        ({"exports": {FOCUS: DENIED}}, FOCUS, "bcm-data-exports:GetExport"),
        ({"bucket": DENIED}, "bucket", "s3:GetEncryptionConfiguration"),
    ],
)
def test_a_part_that_cannot_be_read_is_unknown(part: dict[str, object], subject: str, permission: str) -> None:
    state = right_state()
    if isinstance(part.get("exports"), dict):
        held = live_exports(state).exports
        assert not isinstance(held, Unreadable)
        part = {"exports": {**held, FOCUS: DENIED}}
    (finding,) = faults(changed(state, **part))
    assert (finding.subject, finding.verdict) == (subject, "unknown")
    assert permission in finding.repair


def test_tables_and_workgroup_that_cannot_be_read_are_unknown() -> None:
    catalog = LiveCatalog(database=DENIED, tables={"focus": DENIED, "cost_and_usage": DENIED}, workgroup=DENIED)
    found = faults(changed(right_state(), catalog=catalog))
    assert [(each.subject, each.verdict) for each in found] == [
        ("table cost_and_usage", "unknown"),
        ("table focus", "unknown"),
        ("workgroup anycompany-costs", "unknown"),
    ]
    assert "glue:GetTable" in found[0].repair
    assert "athena:GetWorkGroup" in found[-1].repair


def test_a_delivery_that_fails_follows_from_the_bucket() -> None:
    state = changed_bucket(changed_export(right_state(), status="UNHEALTHY (INSUFFICIENT_PERMISSION)"), policy=None)
    found = [each for each in verify(*loaded(), state, APPLY, TODAY) if each.verdict == "fail"]
    assert {each.follows_from for each in found if each.subject == f"{FOCUS}: delivery"} == {
        "bucket policy: AllowDataExportsToDeliver"
    }


def test_a_policy_that_others_added_to_is_named() -> None:
    bucket = live_exports(right_state()).bucket
    assert bucket
    assert not isinstance(bucket, Unreadable)
    assert bucket.policy
    more = {"Sid": "Public", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    policy = {**bucket.policy, "Statement": [*bucket.policy["Statement"], more]}
    (finding,) = faults(changed_bucket(right_state(), policy=policy))
    assert (finding.subject, finding.must_hold) == ("bucket policy: Public", "no such statement")
