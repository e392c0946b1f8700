"""Policies are read strictly, every fault named at once, and written back as one canonical text."""

import json
from typing import Any

import pytest

from harness.policy.statement import (
    ConditionEntry,
    Document,
    Principal,
    Statement,
    parse_policy,
    policy_size,
    render_policy,
)

VERSION = "2012-10-17"
DENY: dict[str, Any] = {"Effect": "Deny", "Action": "sqs:CreateQueue", "Resource": "*"}
OPEN: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}


def text(*statements: Any, **top: Any) -> str:
    return json.dumps({"Version": VERSION, "Statement": list(statements), **top})


def test_a_statement_has_every_element_as_tuples() -> None:
    body = {
        "Sid": "Owner",
        "Effect": "Deny",
        "Principal": {"AWS": ["111122223333", "*"], "Service": "budgets.amazonaws.com"},
        "NotAction": "iam:*",
        "NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::b"],
        "Condition": {"Null": {"aws:RequestTag/Owner": True}, "NumericLessThan": {"s3:max-keys": [10, 2.50, "7"]}},
    }
    document = parse_policy(json.dumps({"Id": "x", "Statement": body}), "resource")
    assert document == Document(
        "resource",
        (
            Statement(
                effect="Deny",
                sid="Owner",
                not_actions=("iam:*",),
                not_resources=("arn:aws:s3:::a", "arn:aws:s3:::b"),
                principals=(
                    Principal("AWS", "111122223333"),
                    Principal("AWS", "*"),
                    Principal("Service", "budgets.amazonaws.com"),
                ),
                condition=(
                    ConditionEntry("Null", "aws:RequestTag/Owner", ("true",)),
                    ConditionEntry("NumericLessThan", "s3:max-keys", ("10", "2.5", "7")),
                ),
            ),
        ),
        version="",
        id="x",
    )
    assert not document.has_variables
    assert json.loads(render_policy(document))["Statement"][0]["Condition"]["Null"] == {
        "aws:RequestTag/Owner": ["true"]
    }


@pytest.mark.parametrize("key", ["Action", "NotAction"])
def test_one_text_and_a_list_of_one_are_the_same(key: str) -> None:
    body = {"Effect": "Deny", key: "s3:*", "Resource": "*"}
    assert parse_policy(text(body), "scp") == parse_policy(text({**body, key: ["s3:*"], "Resource": ["*"]}), "scp")
    assert parse_policy(text(body), "scp") == parse_policy(json.dumps({"Version": VERSION, "Statement": body}), "scp")


def test_rendering_is_minified_and_keeps_the_order() -> None:
    condition = {"StringEquals": {"aws:RequestTag/straße": "é"}, "Null": {"aws:TagKeys": False}}
    rendered = render_policy(parse_policy(text({"Condition": condition, **DENY}), "scp"))
    assert rendered == (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["sqs:CreateQueue"],"Resource":["*"],'
        '"Condition":{"StringEquals":{"aws:RequestTag/straße":["é"]},"Null":{"aws:TagKeys":["false"]}}}]}'
    )
    assert render_policy(parse_policy(rendered, "scp")) == rendered
    assert '"Principal":"*"' in render_policy(parse_policy(text(OPEN), "rcp"))


def test_sizes_are_counted_as_aws_counts_them() -> None:
    content = '{ "Sid": "a b",\n "x": "\\" c" }'
    assert policy_size(content, "scp") == policy_size(content, "rcp") == len(content)
    assert policy_size(content, "identity") == policy_size(content, "resource") == len('{"Sid":"a b","x":"\\" c"}')
