"""Effective tag policies: AWS's published examples, the rules one by one, malformed documents, properties."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.policy.effective import effective_tag_policy
from harness.policy.tag_policy import CONTROL, TagPolicyError, check_tag_policy, parse_tag_policy

CASES = sorted((Path(__file__).resolve().parents[2] / "contracts/inheritance").glob("*.json"))


def policy(key: str = "a", **elements: Any) -> dict[str, Any]:
    return {"tags": {key: elements}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_published_examples(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    assert effective_tag_policy(case["nodes"]) == case["effective"]


def test_policy_keys_ignore_case() -> None:
    root = policy("Stage", tag_key={"@@assign": "Stage"}, tag_value={"@@assign": ["a"]})
    child = policy("STAGE", tag_value={"@@append": ["b"]})
    assert effective_tag_policy([[root], [child]]) == {"tags": {"stage": {"tag_key": "Stage", "tag_value": ["a", "b"]}}}


def test_child_cannot_loosen_a_limit() -> None:
    root = policy(tag_value={CONTROL: ["@@append"], "@@assign": ["a"]})
    middle = policy(tag_value={CONTROL: ["@@all"]})
    child = policy(tag_value={"@@assign": ["z"], "@@append": ["b"], "@@remove": ["a"]})
    assert effective_tag_policy([[root], [middle], [child]])["tags"]["a"]["tag_value"] == ["a", "b"]


def test_limit_binds_children_and_not_its_own_node() -> None:
    root = policy(tag_value={CONTROL: ["@@none"], "@@assign": ["a"]})
    beside = policy(tag_value={"@@append": ["b"]})
    assert effective_tag_policy([[root, beside]])["tags"]["a"]["tag_value"] == ["a", "b"]


@pytest.mark.parametrize("locked", ["policy", "key"])
def test_limit_above_the_element_locks_everything_below(locked: str) -> None:
    root = policy(tag_value={"@@assign": ["a"]})
    root["tags"] = {CONTROL: ["@@none"], **root["tags"]} if locked == "policy" else root["tags"]
    if locked == "key":
        root["tags"]["a"][CONTROL] = ["@@none"]
    child = policy(tag_value={"@@append": ["b"]}, enforced_for={"@@assign": ["s3:bucket"]})
    assert effective_tag_policy([[root], [child]]) == {"tags": {"a": {"tag_key": "a", "tag_value": ["a"]}}}


def test_locked_policy_takes_no_new_keys() -> None:
    root = {"tags": {CONTROL: ["@@none"]}}
    assert effective_tag_policy([[root], [policy(tag_value={"@@assign": ["b"]})]]) == {"tags": {}}


def test_first_assign_of_a_node_wins_and_removals_of_the_other_still_count() -> None:
    first = policy(tag_value={"@@assign": ["a", "b"]})
    second = policy(tag_value={"@@assign": ["z"], "@@remove": ["b"]})
    assert effective_tag_policy([[first, second]])["tags"]["a"]["tag_value"] == ["a"]


def test_element_that_lost_all_values_stays_empty() -> None:
    root = policy(enforced_for={"@@assign": ["s3:bucket"]})
    child = policy(enforced_for={"@@remove": ["s3:bucket"]})
    assert effective_tag_policy([[root], [child]])["tags"]["a"]["enforced_for"] == []


def test_all_multi_valued_elements_are_inherited() -> None:
    lists = {"enforced_for": ["s3:bucket"], "report_required_tag_for": ["ec2:instance"], "tag_value": ["x"]}
    root = policy(**{name: {"@@assign": values} for name, values in lists.items()})
    assert effective_tag_policy([[root], []]) == {"tags": {"a": {"tag_key": "a", **lists}}}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], 'must be {"tags": {...}} and nothing else'),
        ({"tags": {}, "rules": {}}, "nothing else"),
        ({"tags": {"a": "b"}}, 'tags["a"]: must be a mapping'),
        ({"tags": {"a": {}, "A": {}}}, 'must differ from "a" in more than case'),
        (policy(tag_key="a"), 'must use an operator; got "a"'),
        (
            policy(tag_key={"@@append": "a"}),
            'must use @@assign or @@operators_allowed_for_child_policies; got "@@append"',
        ),
        (policy(tag_key={"@@assign": "b"}), 'must equal the policy key "a" but for case'),
        (policy(tag_value={"@@asign": ["x"]}), 'got "@@asign"'),
        (policy(tag_value={"@@assign": "x"}), "must be a list of texts"),
        (policy(tag_value={"@@assign": ["*@*.com"]}), 'must hold at most one "*" a value'),
        (policy(enforced_for={"@@assign": ["*"]}), "must be service:type"),
        (policy(values={"@@assign": ["x"]}), "must be one of tag_key, tag_value, enforced_for"),
        (policy(tag_value={CONTROL: []}), "Do write at least one"),
        (policy(tag_value={CONTROL: ["@@some"]}), 'got "@@some"'),
        (policy(tag_value={CONTROL: ["@@none", "@@append"]}), "must hold @@all or @@none alone"),
    ],
)
def test_malformed_document_is_refused(document: Any, words: str) -> None:
    with pytest.raises(TagPolicyError) as failure:
        check_tag_policy(document)
    assert words in str(failure.value)


def test_every_fault_of_a_document_is_reported() -> None:
    with pytest.raises(TagPolicyError) as failure:
        check_tag_policy({"tags": {"a": {"tag_key": "a", "tag_value": {"@@assign": "x"}}}})
    assert len(failure.value.problems) == 2


def test_text_that_is_no_json_is_refused_with_its_place() -> None:
    with pytest.raises(TagPolicyError, match=r"line 2: must be JSON; .* at column 1"):
        parse_tag_policy('{"tags":\n}')


def test_effective_policy_is_no_input() -> None:
    with pytest.raises(TagPolicyError):
        check_tag_policy(effective_tag_policy([[policy(tag_value={"@@assign": ["x"]})]]))


VALUES = st.lists(st.sampled_from("abcde"), max_size=4)
OPERATORS = st.dictionaries(st.sampled_from(["@@assign", "@@append", "@@remove"]), VALUES, max_size=3)
DOCUMENTS = st.builds(lambda operators: policy(tag_value=operators), OPERATORS)
NODES = st.lists(st.lists(DOCUMENTS, max_size=2), max_size=4)


@given(NODES)
def test_values_never_repeat_and_come_from_a_document(nodes: list[list[dict[str, Any]]]) -> None:
    values = effective_tag_policy(nodes)["tags"].get("a", {}).get("tag_value", [])
    assert len(values) == len(set(values))
    assert set(values) <= set("abcde")


@given(NODES, NODES)
def test_nothing_passes_a_lock(above: list[list[dict[str, Any]]], below: list[list[dict[str, Any]]]) -> None:
    locked = [*above, [policy(**{CONTROL: ["@@none"]})]]
    assert effective_tag_policy([*locked, *below]) == effective_tag_policy(locked)


@given(NODES)
def test_nodes_without_policies_change_nothing(nodes: list[list[dict[str, Any]]]) -> None:
    assert effective_tag_policy([[], *nodes, []]) == effective_tag_policy(nodes)


@given(NODES)
def test_inputs_are_left_alone(nodes: list[list[dict[str, Any]]]) -> None:
    before = json.dumps(nodes)
    effective_tag_policy(nodes)
    assert json.dumps(nodes) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"tags": {"a": {}, "a": {}}}', "tags.a: must stand once in its object"),
        ('{"tags": {"a": {"tag_value": {"@@assign": [5]}}}}', "must be a list of texts; got [5]"),
        ('{"tags": {"a": {"tag_key": {"@@assign": 5}}}}', "but for case; got 5"),
        ("[" * 100_000, "must be nested a few levels deep"),
        ("[" * 150 + "]" * 150, "must be nested a few levels deep"),
        ("1" * 5_000, 'must be {"tags": {...}}'),
        ('{"tags": NaN}', "got the constant NaN"),
    ],
    ids=["twice", "number", "number as key", "deep", "a little too deep", "long number", "constant"],
)
def test_text_that_aws_does_not_take_as_json(text: str, words: str) -> None:
    with pytest.raises(TagPolicyError) as failure:
        parse_tag_policy(text)
    assert words in str(failure.value)
