"""Which actions and resources a demand for tags denies always, by what IAM knows of them."""

import json
from typing import Any

import pytest

from harness.facts import load_facts
from harness.policy.lint import Given, lint, read_policy
from harness.policy.lint.reach import overlap

from .found import VOLUME, found, null


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ({"Action": "*", "Condition": null("Owner")}, "Statement[0].Action"),
        ({"Action": "*:*", "Condition": null("Owner")}, "Statement[0].Action"),
        ({"NotAction": "iam:*", "Condition": null("Owner")}, "Statement[0].NotAction"),
        ({"Action": "sagemaker:*", "Condition": null("Owner")}, "Statement[0].Action"),
    ],
)
def test_a_demand_on_everything_denies_what_takes_no_tags(statement: Any, place: str) -> None:
    assert [each.path for each in found("untaggable-action-denied", statement)] == [place]


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}}},
        {"Action": "ec2:DeleteTags", "Condition": {"Null": {"aws:TagKeys": "true"}}},
        {"Action": "rds:*", "Condition": null("Owner", "false")},
        {"Effect": "Allow", "Action": "*", "Condition": null("Owner")},
        # The key that CreateRoute has not makes the statement never apply there.
        {"Action": "ec2:CreateRoute", "Condition": {**null("Owner"), "StringEquals": {"ec2:InstanceType": "m5.large"}}},
    ],
)
def test_what_does_not_deny_the_untagged_is_left_alone(statement: Any) -> None:
    assert found("untaggable-action-denied", statement) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ({"Action": "ec2:RunInstances"}, "image, security-group, subnet"),
        ({"Action": "ec2:RunInstances", "Resource": ["arn:aws:ec2:*:*:*/*"]}, "security-group, subnet"),
        ({"Action": "ec2:RunInstances", "Resource": ["arn:*:ec2:*:*:security-group/sg-1", VOLUME]}, "security-group"),
    ],
)
def test_the_resources_of_a_call_that_carry_no_tags_are_named(statement: Any, words: str) -> None:
    (lint_,) = found("untagged-resource-denied", {**statement, "Condition": null("Owner")})
    assert words in lint_.why
    assert lint_.repair.endswith('"Resource": ["arn:*:ec2:*:*:instance/*", "arn:*:ec2:*:*:volume/*"]')


def test_not_resource_covers_what_it_does_not_name() -> None:
    statement = {"Action": "ec2:RunInstances", "NotResource": VOLUME, "Condition": null("Owner")}
    body = {"Sid": "A", "Effect": "Deny", **statement}
    policy = read_policy("p.json", json.dumps({"Version": "2012-10-17", "Statement": [body]}), "scp")
    hits = [hit.lint for hit in lint(Given((policy,), {**load_facts().limits}))]
    assert "Statement[0].NotResource" in [hit.path for hit in hits]


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "rds:CreateDBInstance"},
        {"Action": "secretsmanager:CreateSecret"},
        {"Action": "ec2:RunInstances", "Resource": ["arn:aws:ec2:*:*:instance/*", VOLUME]},
    ],
)
def test_tags_that_count_for_the_whole_call_are_no_fault(statement: Any) -> None:
    assert found("untagged-resource-denied", {**statement, "Condition": null("Owner")}) == []
    assert found("untagged-resource-may-be-denied", {**statement, "Condition": null("Owner")}) == []


@pytest.mark.parametrize(
    ("pattern", "template", "expected"),
    [
        ("*", "", True),
        ("arn:aws:s3:::b/*", "", False),
        ("arn:aws:ec2:*:*:*/*", "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}", True),
        ("arn:aws:ec2:eu-central-1:1:v?c/*", "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}", True),
        ("arn:aws:ec2", "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}", True),
        ("arn:aws:ec2:*:*:vp", "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}", False),
        ("arn:aws:logs:::log-group:*", "arn:${Partition}:logs:${Region}:${Account}:log-group:${Name}", False),
        ("arn:aws:s3:::${aws:PrincipalTag/team}-*", "arn:${Partition}:s3:::${BucketName}", True),
    ],
)
def test_a_pattern_meets_the_arns_of_a_type(pattern: str, template: str, expected: bool) -> None:  # noqa: FBT001
    assert overlap(pattern, template) is expected
