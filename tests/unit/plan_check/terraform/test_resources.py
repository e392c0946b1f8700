"""What of a plan is judged, and what its tags will be, as far as the plan shows them."""

from typing import Any

import pytest

from harness.plan_check.model import UNKNOWN, TagSet
from harness.plan_check.terraform import PlanError, decode_plan
from tests.unit.plan_check.plans import change, plan, read

TAGS = {"tags": {"a": "1"}, "tags_all": {"a": "1"}}
QUEUE = "aws_sqs_queue.q"


def first(*changes: Any, **more: Any) -> TagSet:
    """The resource's own tags, of the last change."""
    (*_, resource) = read(plan(changes, **more)).resources
    return resource.sets[0]


@pytest.mark.parametrize(
    ("actions", "more", "action"),
    [
        (["create"], {}, "create"),
        (["update"], {}, "update"),
        (["delete", "create"], {}, "replace"),
        (["create", "delete"], {}, "replace"),
        (["create", "forget"], {}, "replace"),
        (["forget", "create"], {}, "replace"),
        (["no-op"], {"importing": {"id": "x"}}, "import"),
        (["no-op"], {"previous_address": "aws_sqs_queue.old"}, "move"),
        (["update"], {"importing": {"id": "x"}}, "update"),
    ],
)
def test_what_will_exist_is_judged(actions: list[str], more: dict[str, Any], action: str) -> None:
    (resource,) = read(plan([change(QUEUE, TAGS, actions=actions, **more)])).resources
    assert (resource.action, resource.address) == (action, QUEUE)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (change(QUEUE, None, actions=["delete"]), "deleted"),
        (change(QUEUE, None, actions=["forget"]), "forgotten"),
        (change(QUEUE, TAGS, actions=["no-op"]), "unchanged"),
        (change("data.aws_sqs_queue.q", TAGS, actions=["read"], mode="data", type="aws_sqs_queue"), "read"),
        (change(QUEUE, None, actions=["delete"], deposed="00000001"), "deleted"),
        (change(QUEUE, None, actions=["open"], mode="ephemeral"), "read"),
        (change("google_storage_bucket.b", {"labels": {}}), "of another provider"),
        (change("aws_iam_role_policy.p", {"name": "x"}), "untaggable"),
        (change("aws_inspector_resource_group.g", {"tags": {"a": "1"}}), "untaggable"),
        (change("aws_newer_thing.t", {"name": "x"}), "of an unknown type"),
    ],
)
def test_what_will_not_is_counted_by_reason(entry: dict[str, Any], reason: str) -> None:
    found = read(plan([entry]))
    assert list(found.resources) == []
    assert found.skipped == {reason: 1}
    assert found.unknown_types == ({"aws_newer_thing"} if reason == "of an unknown type" else set())


def test_everything_that_will_exist_can_be_judged() -> None:
    entries = [change(QUEUE, TAGS, actions=["no-op"]), change("aws_sqs_queue.gone", None, actions=["delete"])]
    found = read(plan(entries), everything=True)
    assert [(each.address, each.action) for each in found.resources] == [(QUEUE, "none")]


def test_a_change_that_is_put_off_is_judged_too() -> None:
    deferred = [{"reason": "provider_config_unknown", "resource_change": change(QUEUE, TAGS)}]
    assert [each.address for each in read(plan([], deferred_changes=deferred)).resources] == [QUEUE]


def test_a_type_that_is_newer_than_the_facts_takes_tags_if_it_shows_them() -> None:
    assert first(change("aws_newer_thing.t", TAGS)).tags == {"a": "1"}
    assert first(change("aws_newer_thing.t", {"tags": [{"key": "a", "value": "1"}]})).tags == {"a": "1"}
    found = read(plan([change("aws_newer_thing.bare", {"name": "x"}), change("aws_newer_thing.t", TAGS)]))
    assert [each.address for each in found.resources] == ["aws_newer_thing.t"]
    assert found.unknown_types == {"aws_newer_thing"}


def test_tags_all_wins_and_tells_what_comes_from_default_tags() -> None:
    found = first(change(QUEUE, {"tags": {"a": "1"}, "tags_all": {"a": "1", "b": "2"}}))
    assert (found.tags, found.own, found.more) == ({"a": "1", "b": "2"}, {"a": "1"}, "")


def test_a_key_without_a_value_is_no_tag() -> None:
    assert first(change("awscc_ssm_parameter.aws", {"tags": {"a": "1", "b": None}})).tags == {"a": "1"}


def test_a_null_of_the_framework_is_an_empty_value_over_default_tags() -> None:
    """As provider 5.100 plans it in tags_all, where that is known."""
    entry = change(QUEUE, {"tags": {"a": "1", "d": None}}, unknown={"tags": {"b": True}, "tags_all": True})
    found = first(
        entry,
        configuration={
            **CONFIGURATION,
            "root_module": {"resources": [{"address": QUEUE, "provider_config_key": "aws"}]},
        },
    )
    assert found.tags == {"a": "1", "b": UNKNOWN, "d": ""}


def test_partly_unknown_tags_keep_what_is_known() -> None:
    found = first(change(QUEUE, {"tags": {"a": "1"}, "tags_all": {"a": "1"}}, unknown={"tags_all": {"b": True}}))
    assert (found.tags, found.more) == ({"a": "1", "b": UNKNOWN}, "")


CONFIGURATION = {
    "provider_config": {
        "aws": {"name": "aws", "expressions": {"default_tags": [{"tags": {"constant_value": {"d": "1"}}}]}},
        "aws.late": {"name": "aws", "expressions": {"default_tags": [{"tags": {"references": ["var.t"]}}]}},
    },
    "root_module": {
        "resources": [
            {
                "address": QUEUE,
                "provider_config_key": "aws",
                "expressions": {"tags": {"references": ["module.m.tags", "module.m"]}},
            },
            {"address": "aws_sqs_queue.late", "provider_config_key": "aws.late"},
        ],
        "module_calls": {
            "a": {
                "module": {
                    "resources": [
                        {"address": "aws_sqs_queue.in", "provider_config_key": "aws"},
                        {"address": "aws_sqs_queue.old", "provider_config_key": "module.a:aws"},
                    ]
                }
            }
        },
    },
}


def test_wholly_unknown_tags_are_default_tags_and_what_else_may_come() -> None:
    found = first(change(QUEUE, {}, unknown={"tags": True, "tags_all": True}), configuration=CONFIGURATION)
    assert found.tags == {"d": UNKNOWN}, "the resource may replace its value"
    assert found.more == "tags come from module.m.tags, known after apply"


@pytest.mark.parametrize("name", ["in", "old"])
def test_default_tags_reach_into_modules(name: str) -> None:
    address = f'module.a["x.y"].aws_sqs_queue.{name}[0]'
    entry = change(address, {"tags": {"a": "1"}}, unknown={"tags_all": True}, type="aws_sqs_queue")
    assert first(entry, configuration=CONFIGURATION).tags == {"d": "1", "a": "1"}


def test_default_tags_reach_what_is_put_off() -> None:
    entry = change(f"{QUEUE}[*]", {"tags": {"a": "1"}}, unknown={"tags_all": True}, type="aws_sqs_queue")
    deferred = [{"reason": "instance_count_unknown", "resource_change": entry}]
    (resource,) = read(plan([], CONFIGURATION, deferred_changes=deferred)).resources
    assert (resource.sets[0].tags, resource.sets[0].more) == ({"d": "1", "a": "1"}, "")


def test_unknown_default_tags_are_named() -> None:
    entry = change("aws_sqs_queue.late", {"tags": {"a": "1"}}, unknown={"tags_all": True})
    found = first(entry, configuration=CONFIGURATION)
    assert (found.tags, found.more) == ({"a": "1"}, "default_tags of the provider aws.late come from var.t")


def test_unknown_default_tags_are_learned_from_another_resource_of_the_provider() -> None:
    configuration = {
        **CONFIGURATION,
        "root_module": {
            "resources": [
                {"address": "aws_sqs_queue.late", "provider_config_key": "aws.late"},
                {"address": "aws_sqs_queue.seen", "provider_config_key": "aws.late"},
            ]
        },
    }
    seen = change("aws_sqs_queue.seen", {"tags": None, "tags_all": {"team": "ml"}})
    late = change("aws_sqs_queue.late", {"tags": {"a": "1"}}, unknown={"tags_all": True})
    found = first(seen, late, configuration=configuration)
    assert (found.tags, found.more) == ({"team": "ml", "a": "1"}, "")


def test_default_tags_of_each_instance_of_a_provider_are_its_own() -> None:
    """OpenTofu 1.9 has for_each for providers, and `provider = aws.by_region[each.key]`."""
    each = {"default_tags": [{"tags": {"references": ["each.value.tags", "each.value"]}}]}
    resources = [
        {"address": f"aws_sqs_queue.{name}", "provider_config_key": 'aws.by_region["x"]'} for name in ("seen", "late")
    ]
    configuration = {
        "provider_config": {"aws.by_region": {"name": "aws", "expressions": each}},
        "root_module": {"resources": resources},
    }
    seen = change("aws_sqs_queue.seen", {"tags": None, "tags_all": {"team": "ml"}})
    late = change("aws_sqs_queue.late", {"tags": {"a": "1"}}, unknown={"tags_all": True})
    found = first(seen, late, configuration=configuration)
    assert (found.tags, found.more) == (
        {"a": "1"},
        "default_tags of the provider aws.by_region come from each.value.tags",
    )


def test_sensitive_values_are_marked() -> None:
    one = first(change(QUEUE, TAGS, sensitive={"tags": {"a": True}, "tags_all": {"a": True}}))
    assert one.hides("a")
    assert not one.hides("b")
    assert first(change(QUEUE, TAGS, sensitive={"tags_all": True})).hides("b")
    assert not first(change(QUEUE, TAGS, sensitive={"tags": {}, "id": True})).hides("a")


@pytest.mark.parametrize(
    ("content", "held"),
    [
        (b"{", "input data was truncated"),
        (b'{"format_version": "2.0", "resource_changes": []}', "'2.0'"),
        (b'{"format_version": "1.2", "resource_changes": 5}', "expected `array | null`, got `int`"),
        (b'{"format_version": "1.2", "resource_changes": [{}]}', "missing required field `address`"),
        (b'{"format_version": "1.2", "errored": true, "resource_changes": []}', "one that ended in an error"),
        (b'{"format_version": "1.2", "prior_state": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"format_version": "1.2", "resource_changes": [{"address": "\xff"}]}', "no UTF-8"),
    ],
)
def test_what_is_no_plan_is_refused_by_what_is_wrong(content: bytes, held: str) -> None:
    with pytest.raises(PlanError, match=r"^plan\.json: must ") as error:
        decode_plan(content, "plan.json")
    assert held in str(error.value)
