"""Exemptions free resources whose ARN they match, leave open what is not known, and expire."""

import datetime

import pytest

from harness.plan_check.exemptions import Exemptions
from harness.plan_check.model import Fault, Resource
from harness.plan_check.requirements import ExemptionRule, Requirements
from harness.type_facts import TypeFacts

DAY = datetime.date(2026, 11, 26)
MISSING = Fault("missing-key", "fail", "tags", "owner")
STATE = ExemptionRule("arn:aws:s3:::state-*", ("owner",), "State.", "platform", DAY)


def resource(arn: str, service: str = "s3") -> Resource:
    return Resource("aws_s3_bucket.b", "aws_s3_bucket", TypeFacts(service=service), "create", (), arn=arn)


@pytest.mark.parametrize(
    ("arn", "service", "verdicts"),
    [
        ("arn:aws:s3:::state-1", "s3", []),
        ("arn:*:s3:::state-1", "s3", ["unknown"]),  # of which partition is known after apply
        ("arn:*:s3:::data", "s3", ["fail"]),
        ("arn:*:s3:::*", "s3", ["unknown"]),
        ("", "s3", ["unknown"]),
        ("", "sqs", ["fail"]),
        ("", "", ["unknown"]),
    ],
)
def test_an_exemption_frees_what_it_matches(arn: str, service: str, verdicts: list[str]) -> None:
    found = Exemptions(Requirements((), (STATE,)), DAY).spare(resource(arn, service), [MISSING])
    assert [fault.verdict for fault in found] == verdicts


def test_of_what_may_be_exempt_the_reason_is_told() -> None:
    (fault,) = Exemptions(Requirements((), (STATE,)), DAY).spare(resource(""), [MISSING])
    assert fault.because == "the exemption of arn:aws:s3:::state-* may free it; its ARN is known after apply"


@pytest.mark.parametrize(
    "fault", [Fault("missing-key", "fail", "tags", "stage"), Fault("personal-data", "fail", "tags", "owner")]
)
def test_other_keys_and_other_rules_are_not_exempt(fault: Fault) -> None:
    assert Exemptions(Requirements((), (STATE,)), DAY).spare(resource("arn:aws:s3:::state-1"), [fault]) == [fault]


def test_an_exemption_without_keys_is_of_all() -> None:
    every = ExemptionRule("arn:aws:s3:::*", (), "All.", "platform", DAY)
    assert Exemptions(Requirements((), (every,)), DAY).spare(resource("arn:aws:s3:::x"), [MISSING]) == []


@pytest.mark.parametrize("rule", ["unknown-value", "not-propagated", "unknown-propagation"])
def test_what_is_free_of_a_key_is_free_of_its_value_and_of_passing_it_on(rule: str) -> None:
    bucket = resource("arn:aws:s3:::state-1")
    fault = Fault(rule, "fail", "tags", "owner")
    assert Exemptions(Requirements((), (STATE,)), DAY).spare(bucket, [fault]) == []
    of_all_tags = Fault(rule, "fail", "copy_tags_to_snapshot")
    assert Exemptions(Requirements((), (STATE,)), DAY).spare(bucket, [of_all_tags]) == [of_all_tags]
    every = ExemptionRule("arn:aws:s3:::*", (), "All.", "platform", DAY)
    assert Exemptions(Requirements((), (every,)), DAY).spare(bucket, [of_all_tags]) == []


def test_an_exemption_holds_on_its_last_day_and_is_a_finding_after_it() -> None:
    after = Exemptions(Requirements((), (STATE,)), DAY + datetime.timedelta(days=1))
    assert after.spare(resource("arn:aws:s3:::state-1"), [MISSING]) == [MISSING]
    (fault,) = after.expired()
    assert (fault.rule, fault.key, fault.held, fault.because) == (
        "expired-exemption",
        "owner",
        STATE.resource,
        "2026-11-26",
    )
    assert Exemptions(Requirements((), (STATE,)), DAY).expired() == ()
