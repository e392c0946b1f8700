"""ignore_tags hide tags from a plan that the create call sends all the same."""

from collections.abc import Mapping
from typing import Any

import pytest

from harness.plan_check.requirements import KeyRule, Requirements
from tests.unit.plan_check.plans import PROVIDER, change, faults, plan, read

REQUIRED = Requirements(
    (KeyRule("owner", checked_for=("*",), values=("ml", "web")), KeyRule("stage", checked_for=("*",)))
)
QUEUE = "aws_sqs_queue.q"
OWNER = {"keys": {"constant_value": ["owner"]}}
ALL = {"tags": {"constant_value": {"owner": "ml", "stage": "dev"}}}
LOCAL = {"tags": {"references": ["local.tags"]}}


def rules(
    after: Mapping[str, Any], default: Mapping[str, Any] | None, ignore: Mapping[str, Any] | None, **more: Any
) -> list[tuple[str, str]]:
    """What is wrong with a queue of a provider with these blocks, beside a topic of one without them."""
    blocks = {"default_tags": [default] if default else [], "ignore_tags": [ignore] if ignore else []}
    configuration = {
        "provider_config": {"aws": {**PROVIDER, "expressions": blocks}, "aws.plain": {**PROVIDER, "alias": "plain"}},
        "root_module": {
            "resources": [
                {"address": QUEUE, "provider_config_key": "aws"},
                {"address": "aws_sns_topic.plain", "provider_config_key": "aws.plain"},
            ]
        },
    }
    plain = change("aws_sns_topic.plain", {"tags": None, "tags_all": {}})
    found = faults(read(plan([change(QUEUE, after, **more), plain], configuration)), REQUIRED)
    assert [fault.rule for fault in found["aws_sns_topic.plain"]] == ["missing-key", "missing-key"]
    return [(fault.rule, fault.key) for fault in found[QUEUE]]


@pytest.mark.parametrize(
    ("after", "default", "ignore", "expected"),
    [
        ({"tags": None, "tags_all": {"stage": "dev"}}, ALL, OWNER, []),
        ({"tags": None, "tags_all": {}}, ALL, {"key_prefixes": {"constant_value": ["owner", "sta"]}}, []),
        ({"tags": {"owner": "x"}, "tags_all": {"stage": "dev"}}, ALL, OWNER, [("wrong-value", "owner")]),
        ({"tags": {"stage": "x"}, "tags_all": {"stage": "x"}}, None, OWNER, [("missing-key", "owner")]),
        # Not constant: nobody knows whether they have what is ignored; the rest is shown.
        ({"tags": None, "tags_all": {"stage": "dev"}}, LOCAL, OWNER, [("unknown-key", "owner")]),
        (
            {"tags": None, "tags_all": {"owner": "ml"}},
            LOCAL,
            {"keys": {"constant_value": ["Name"]}},
            [("missing-key", "stage")],
        ),
        (
            {"tags": None, "tags_all": {"owner": "ml"}},
            LOCAL,
            {"key_prefixes": {"references": ["var.prefixes"]}},
            [("unknown-key", "stage")],
        ),
        ({"tags": {"owner": "web"}, "tags_all": {"stage": "dev"}}, LOCAL, OWNER, []),
    ],
)
def test_what_is_ignored_is_sent(
    after: Mapping[str, Any],
    default: Mapping[str, Any] | None,
    ignore: Mapping[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert rules(after, default, ignore) == expected


def test_what_is_ignored_is_sent_beside_what_is_known_after_apply() -> None:
    after = {"tags": {}, "tags_all": {"stage": "dev"}}
    assert rules(after, ALL, OWNER, unknown={"tags": {"id": True}, "tags_all": {"id": True}}) == []


def test_defaults_that_another_resource_shows_lack_what_is_ignored() -> None:
    configuration = {
        "provider_config": {"aws": {**PROVIDER, "expressions": {"default_tags": [LOCAL], "ignore_tags": [OWNER]}}},
        "root_module": {
            "resources": [{"address": name, "provider_config_key": "aws"} for name in (QUEUE, "aws_sns_topic.t")]
        },
    }
    changes = [
        change("aws_sns_topic.t", {"tags": None, "tags_all": {"Name": "a"}}),
        change(QUEUE, {"tags": {}}, unknown={"tags": {"id": True}, "tags_all": True}),
    ]
    found = faults(read(plan(changes, configuration)), REQUIRED)[QUEUE]
    assert [(fault.rule, fault.key) for fault in found] == [("unknown-key", "owner"), ("missing-key", "stage")]
