"""What is wrong with live resources: all that a plan's check knows, and what only live ones can break."""

import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from harness.audit.judging import Auditor, not_activated
from harness.audit.model import AuditFinding, AuditResource
from harness.plan_check.model import Fault
from harness.plan_check.requirements import ExemptionRule, KeyRule, Requirements

TODAY = datetime.date(2026, 11, 27)
OWNER, ENVIRONMENT = "co:owner", "co:environment"
REQUIREMENTS = Requirements(
    keys=(
        KeyRule(OWNER, checked_for=("*",), deprecated=("team",)),
        KeyRule(ENVIRONMENT, checked_for=("*",), values=("dev", "prod")),
    ),
    exemptions=(
        ExemptionRule("arn:aws:s3:::old-*", (OWNER,), "goes soon", "platform", datetime.date(2026, 11, 20)),
        ExemptionRule("arn:aws:s3:::state-*", (), "no owner", "platform", datetime.date(2030, 1, 1)),
    ),
    not_checked_for=("AWS::Logs::*",),
    prohibited={"tmp-*": "no"},
)
RIGHT = {OWNER: "team-a", ENVIRONMENT: "prod"}
BUCKET = "arn:aws:s3:::{}"


def auditor(requirements: Requirements = REQUIREMENTS) -> Auditor:
    return Auditor(lambda _: requirements, OWNER, lambda _: False, TODAY)


def resource(tags: Mapping[str, str] | None, name: str = "data", **further: Any) -> AuditResource:
    held = {"arn": BUCKET.format(name), "type": "AWS::S3::Bucket", "sources": ("tagging",), **further}
    return AuditResource(
        account="111111111111", region="eu-central-1", name=name, created="", tags=tags, **{"cost": "", **held}
    )


def said(found: list[AuditFinding]) -> list[tuple[str, str, str]]:
    return [(each.rule, each.key, each.verdict) for each in found]


def test_right_tags_are_right_with_those_of_aws_beside_them() -> None:
    judge = auditor()
    assert judge.findings(resource({**RIGHT, "aws:cloudformation:stack-name": "x"})) == []
    assert judge.counts == {"passed": 1}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({ENVIRONMENT: "prod"}, [("missing-key", OWNER, "fail")]),
        ({**RIGHT, ENVIRONMENT: "Prod"}, [("value-case", ENVIRONMENT, "fail")]),
        ({ENVIRONMENT: "prod", "team": "a"}, [("deprecated-key", OWNER, "fail")]),
        ({**RIGHT, "tmp-x": "1"}, [("prohibited-key", "tmp-x", "fail")]),
        ({}, [("missing-key", OWNER, "fail"), ("missing-key", ENVIRONMENT, "fail")]),
    ],
)
def test_each_deviation_is_a_finding(tags: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    found = [(rule, key or "tmp-x", verdict) for rule, key, verdict in said(auditor().findings(resource(tags)))]
    assert found == expected


@pytest.mark.parametrize(("count", "expected"), [(44, []), (45, ["tag-count-near"]), (50, ["tag-count-near"])])
def test_tags_near_the_limit_are_told_before_it_is_reached(count: int, expected: list[str]) -> None:
    tags = {**RIGHT, **{f"t{number}": "x" for number in range(count - 2)}}
    assert [found.rule for found in auditor().findings(resource(tags))] == expected


def test_an_exemption_that_has_ended_is_told_where_it_would_have_freed() -> None:
    found = auditor().findings(resource({ENVIRONMENT: "prod"}, "old-1"))
    assert said(found) == [("missing-key", OWNER, "fail"), ("expired-exemption", OWNER, "fail")]
    assert found[1].because == "exempt until 2026-11-20, 7 days ago: goes soon"
    assert said(auditor().findings(resource({OWNER: "a"}, "old-1"))) == [("missing-key", ENVIRONMENT, "fail")]
    assert auditor().findings(resource({}, "state-1")) == []


def test_tags_that_nobody_could_read_are_unknown_and_never_right() -> None:
    judge = auditor()
    assert said(judge.findings(resource(None, sources=("explorer",)))) == [("tags-unread", "", "unknown")]
    assert judge.counts == {"unknown": 1}


def test_types_without_tags_are_counted_and_not_judged() -> None:
    judge = auditor()
    assert judge.findings(resource({}, type="AWS::IAM::AccessKey", sources=("config",))) == []
    assert judge.findings(resource({}, type="AWS::Unheard::Thing", sources=("config",))) == []
    assert judge.findings(resource({}, type="AWS::Logs::LogGroup")) == []
    assert judge.counts == {"untaggable": 1, "unheard": 1, "passed": 1}
    assert judge.unheard == {"AWS::Unheard::Thing": 1}


def test_personal_data_is_masked_wherever_it_stands() -> None:
    found = auditor().findings(
        resource({**RIGHT, "contact": "jane.doe@example.com", ENVIRONMENT: "jane.doe@example.com"})
    )
    assert {each.rule for each in found} == {"personal-data", "wrong-value"}
    assert all("example.com" not in f"{each.held}{each.owner}" for each in found)
    leak = auditor().findings(resource({OWNER: "jane.doe@example.com", ENVIRONMENT: "x"}))
    assert all("example.com" not in f"{each.held}{each.owner}" for each in leak)


def test_who_is_asked_is_the_account_s_owner_where_the_resource_has_none() -> None:
    judge = auditor()
    account = resource(RIGHT, arn="arn:aws:organizations::1:account/o/1", type="AWS::Organizations::Account")
    judge.findings(account)
    assert [each.owner for each in judge.findings(resource({ENVIRONMENT: "prod"}))] == ["team-a"]


def test_coverage_counts_what_every_resource_carries() -> None:
    judge = auditor()
    judge.findings(resource(RIGHT))
    judge.findings(resource({OWNER: "a", ENVIRONMENT: "x"}))
    judge.findings(resource({}))
    assert judge.coverage == {
        OWNER: {"covered": 2, "missing": 1},
        ENVIRONMENT: {"covered": 1, "wrong": 1, "missing": 1},
    }


def test_what_others_found_is_a_finding_too_and_does_not_change_coverage() -> None:
    judge = auditor()
    fault = Fault("not-on-bill", "fail", "tags", OWNER, "team-a", because="billed")
    assert said(judge.findings(resource(RIGHT), [fault])) == [("not-on-bill", OWNER, "fail")]
    assert judge.coverage[OWNER] == {"covered": 1}


def test_a_finding_keeps_its_fingerprint_and_no_two_share_one() -> None:
    found = auditor().findings(resource({})) + auditor().findings(resource({}, "other"))
    again = auditor().findings(resource({}))
    assert len({each.fingerprint for each in found}) == 4
    assert [each.fingerprint for each in again] == [each.fingerprint for each in found[:2]]


def test_a_key_that_billing_does_not_know_is_told() -> None:
    assert not_activated("1", OWNER, {}).because == "billing has not seen the key on any resource"
    assert not_activated("1", OWNER, {OWNER: "Inactive"}).held == "Inactive"
