"""Exemptions free resources whose ARN they match, leave open what is not known, and expire."""

import datetime

import pytest

from harness.plan_check.exemptions import Exemptions, may_match
from harness.plan_check.model import Fault, Resource
from harness.plan_check.requirements import ExemptionRule, Requirements
from harness.plan_check.wording import words_of
from harness.type_facts import TypeFacts, cloudformation_type, terraform_type

DAY = datetime.date(2026, 11, 26)
MISSING = Fault("missing-key", "fail", "tags", "owner")
STATE = ExemptionRule("arn:aws:s3:::state-*", ("owner",), "State.", "platform", DAY)


def resource(arn: str, service: str = "s3") -> Resource:
    return Resource("aws_s3_bucket.b", "aws_s3_bucket", TypeFacts(service=service), "create", (), arn=arn)


@pytest.mark.parametrize(
    ("arn", "service", "verdicts"),
    [
        ("arn:aws:s3:::state-1", "s3", []),
        ("arn:*:s3:::state-1", "s3", []),  # the partition is that of the one organization that has the dictionary
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


@pytest.mark.parametrize(
    ("arn", "pattern", "verdicts"),
    [
        ("arn:*:s3:::logs-*", "arn:aws:s3:::logs-?", ["unknown"]),  # the rest of the name is not one character for sure
        ("arn:*:s3:::logs-*", "arn:aws:s3:::logs-?*", ["unknown"]),
        ("arn:*:sqs:?*:?*:jobs", "arn:aws:sqs:??:*:jobs", ["unknown"]),
        ("arn:*:sqs:?*:?*:jobs", "arn:aws:sqs:*:*:jobs", []),
        ("arn:*:s3:::logs-*", "arn:aws:s3:::logs-*", []),
        ("arn:aws:s3:::logs-1", "arn:aws:s3:::logs-?", []),
    ],
)
def test_what_is_not_known_is_free_only_where_all_that_it_may_be_is(
    arn: str, pattern: str, verdicts: list[str]
) -> None:
    rule = ExemptionRule(pattern, ("owner",), "Logs.", "platform", DAY)
    found = Exemptions(Requirements((), (rule,)), DAY).spare(resource(arn), [MISSING])
    assert [fault.verdict for fault in found] == verdicts


def test_of_what_may_be_exempt_the_reason_is_told() -> None:
    (fault,) = Exemptions(Requirements((), (STATE,)), DAY).spare(resource(""), [MISSING])
    assert fault.because == "the exemption of arn:aws:s3:::state-* may free it; its ARN is known after apply"


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("AWS::S3::Bucket", "unknown"),
        ("AWS::S3::AccessGrant", "fail"),
        ("AWS::S3::AccessPoint", "fail"),
        ("AWS::S3::StorageLens", "fail"),
        ("AWS::S3::StorageLensGroup", "fail"),
        ("AWS::DocDB::DBCluster", "fail"),
        ("AWS::AppMesh::Route", "fail"),
        ("AWS::RDS::DBSecurityGroup", "fail"),
        ("AWS::Serverless::Api", "fail"),
        ("AWS::Serverless::SimpleTable", "fail"),
        ("AWS::Serverless::CapacityProvider", "fail"),
        ("AWS::Serverless::MicrovmImage", "fail"),
        ("AWS::Serverless::NetworkConnector", "fail"),
        ("AWS::Serverless::WebFunction", "fail"),
        ("AWS::GammaDilithium::JobDefinition", "unknown"),
        ("aws_s3_object", "unknown"),  # arn:aws:s3:::state-1/key matches
        ("aws_s3control_access_grants_instance", "fail"),
        ("aws_s3control_bucket", "fail"),
        ("aws_s3control_storage_lens_configuration", "fail"),
    ],
)
@pytest.mark.parametrize("pattern", ["arn:aws:s3:::state-*", "arn:aws:s3:::*"])
def test_an_exemption_may_match_only_types_whose_arns_can_match(kind: str, verdict: str, pattern: str) -> None:
    facts = cloudformation_type(kind) or terraform_type(kind)
    assert facts is not None
    made = Resource("x", kind, facts, "create", ())
    rule = ExemptionRule(pattern, ("owner",), "State.", "platform", DAY)
    found = Exemptions(Requirements((), (rule,)), DAY).spare(made, [MISSING])
    freed = pattern.endswith(":::*") and kind in {"AWS::S3::Bucket", "aws_s3_object"}
    assert [fault.verdict for fault in found] == ([] if freed else [verdict])


def test_of_a_type_that_nobody_knows_the_reason_says_so() -> None:
    (fault,) = Exemptions(Requirements((), (STATE,)), DAY).spare(resource("", ""), [MISSING])
    assert fault.because.endswith("may free it; how ARNs of its type look is not known")


def test_what_a_setting_does_not_reach_stays_in_the_words() -> None:
    every = ExemptionRule("arn:aws:s3:::state-*", (), "All.", "platform", DAY)
    gap = Fault("not-propagated", "fail", "copy", held="false", wanted=("true",), because="its snapshots")
    (fault,) = Exemptions(Requirements((), (every,)), DAY).spare(resource("arn:*:s3:::*"), [gap])
    assert words_of(fault)[0].startswith("copy is false: tags do not reach its snapshots; the exemption of ")


@pytest.mark.parametrize("rule", ["missing-key", "empty-value", "value-case", "value-pattern"])
def test_the_words_say_which_exemption_may_free(rule: str) -> None:
    fault = Fault(rule, "fail", "tags", "owner", "x", ("y",))
    (found,) = Exemptions(Requirements((), (STATE,)), DAY).spare(resource("arn:*:s3:::*"), [fault])
    assert "the exemption of arn:aws:s3:::state-* may free it" in words_of(found)[0]


@pytest.mark.parametrize(
    ("known", "pattern", "matches"),
    [
        ("arn:*:logs:?*:?*:log-group:a", "arn:aws:logs:*:log-group:a", [True]),  # a * of the pattern holds colons
        ("arn:*:logs:?*:?*:log-group:a", "arn:aws:logs:*:log-group:b", [False]),
        ("arn:*:sqs:*:*:q", "arn:aws:sqs:q", [False]),
        ("arn:*:sqs:*:*:q", "arn:*", [True]),
        ("arn:*:s3:::a*", "arn:aws:s3:::*b", [True]),
        ("arn:*:s3:::?*", "arn:aws:s3:::", [False]),
    ],
)
def test_what_is_not_known_stands_for_no_colon(known: str, pattern: str, matches: list[bool]) -> None:
    assert [may_match(known, pattern)] == matches


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
