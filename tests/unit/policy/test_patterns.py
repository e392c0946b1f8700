"""Patterns match as IAM says, in the parts of ARNs too, and none takes long."""

import time

import pytest

from harness.policy.context import Unknown, context_of
from harness.policy.patterns import Tokens, like, open_resource_matches, resource_matches, resource_tokens
from harness.policy.truth import Truth

QUEUE = "arn:aws:sqs:eu-central-1:111122223333:jobs"
LOGS = "arn:aws:logs:eu-central-1:111122223333:log-group:a:b:c"
BUCKET = "arn:aws:s3:::bucket/1///test///object.jpg"
HELD = context_of({"aws:username": "jobs", "aws:PrincipalTag/wild": "*", "x:Hidden": Unknown("x:Hidden")})


def tokens(pattern: str) -> Tokens:
    found = resource_tokens(pattern, HELD)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("pattern", "arn"),
    [
        ("*", QUEUE),
        ("*", "*"),
        (QUEUE, QUEUE),
        ("arn:aws:sqs:*:*:jobs", QUEUE),
        ("arn:*:sqs:eu-*-1:*:j?bs", QUEUE),
        ("arn:aws:sqs:*", QUEUE),
        ("arn:aws:sqs", QUEUE),
        ("arn:aws:sqs:*:jobs", QUEUE),  # a star that ends a part runs on
        ("arn:aws:sqs:eu-central-1:111122223333:${aws:username}", QUEUE),
        ("arn:aws:sqs:eu-central-1:111122223333:${aws:userid, 'jobs'}", QUEUE),
        ("arn:aws:logs:*:*:log-group:a*c", LOGS),
        ("arn:aws:logs:*:*:log-group:a?b*", LOGS),
        ("arn:aws:s3:::bucket/*/test/*", BUCKET),
        ("arn:aws:s3:::bucket/${*}", "arn:aws:s3:::bucket/*"),
    ],
)
def test_a_resource_is_covered(pattern: str, arn: str) -> None:
    assert resource_matches(tokens(pattern), arn)


@pytest.mark.parametrize(
    ("pattern", "arn"),
    [
        (QUEUE, "*"),
        ("arn:aws:sqs:*:*:Jobs", QUEUE),
        ("arn:aws:sqs:e*1:jobs", QUEUE),  # a star inside a part does not
        ("arn:aws:sqs:eu?central-1?111122223333:jobs", QUEUE),
        ("arn:aws:sqs:*:*:job", QUEUE),
        ("arn:aws:sqs:${aws:username}:111122223333:jobs", "arn:aws:sqs:jobs:111122223333:jobs"),
        ("arn:aws:sqs:eu-central-1:111122223333:${aws:PrincipalTag/wild}", QUEUE),  # its value is no pattern
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/test/object.jpg"),
        ("arn:aws:s3:::bucket/${*}", "arn:aws:s3:::bucket/a"),
    ],
)
def test_a_resource_is_not_covered(pattern: str, arn: str) -> None:
    assert not resource_matches(tokens(pattern), arn)


@pytest.mark.parametrize(
    ("pattern", "arn", "truth"),
    [
        ("*", "*", Truth.YES),
        ("arn:aws:s3:::*", "arn:aws:s3:::*", Truth.YES),
        ("arn:aws:s3", "arn:aws:s3:::*/*", Truth.YES),
        ("arn:aws:s3:::*/*", "arn:aws:s3:::*/*", Truth.YES),
        ("arn:aws:s3:::a*", "arn:aws:s3:::*", Truth.UNKNOWN),
        ("arn:aws:s3:::*a", "arn:aws:s3:::*", Truth.UNKNOWN),
        ("arn:aws:s3:::?", "arn:aws:s3:::*", Truth.UNKNOWN),
        ("arn:aws:s3:::${*}", "arn:aws:s3:::*", Truth.UNKNOWN),
        (QUEUE, "*", Truth.UNKNOWN),
        ("arn:aws:s3:::a/*", "arn:aws:s3:::b/*", Truth.NO),
        ("arn:*:ec2:*:*:volume/*", "arn:aws:ec2:eu-central-1:111122223333:subnet/*", Truth.NO),  # a name has no colon
        ("arn:aws:sqs:*:*:jobs", "arn:aws:s3:::*", Truth.NO),
        ("arn:aws:s3:::*/logs", "arn:aws:s3:::*/data", Truth.NO),
        (QUEUE, QUEUE, Truth.YES),
    ],
)
def test_an_open_name_is_covered_surely_perhaps_or_never(pattern: str, arn: str, truth: Truth) -> None:
    assert open_resource_matches(tokens(pattern), arn) is truth


def test_a_variable_without_a_value_makes_no_pattern() -> None:
    assert resource_tokens(f"{QUEUE}${{aws:userid}}", HELD) is None
    assert resource_tokens(f"{QUEUE}${{x:Hidden}}", HELD) == Unknown("x:Hidden")


def test_brackets_are_no_pattern() -> None:
    assert like("a[b]*", "a[b]c")
    assert not like("a[b]*", "abc")


def test_no_pattern_takes_long() -> None:
    began = time.monotonic()
    assert not like("*a" * 60 + "b", "a" * 2000)
    assert like("*a" * 60, "a" * 2000)
    assert not resource_matches(tokens("arn:aws:s3:::" + "?*a" * 60 + "b"), "arn:aws:s3:::" + "a" * 2000)
    assert time.monotonic() - began < 5
