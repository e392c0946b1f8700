"""What a change of policies does to the tags that pass: widening never denies, and comparisons say what happens."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.dictionary import Dictionary
from harness.documents.tag_policy import PolicyTarget, render_tag_policies
from harness.facts import load_facts
from harness.policy.comparison import compare_policies
from harness.policy.compliance import is_enforced, violated_key, violations
from harness.policy.effective import effective_tag_policy

from .trees import KEYS, NODES, TYPES, VALUES, Nodes

pytestmark = pytest.mark.thorough

TREES = settings(max_examples=200)
TEXTS = ("", "a", "b", "ab", "cd", "axd", "other")
RESOURCES = (("ec2", "instance"), ("s3", "bucket"), ("sagemaker", "endpoint"), ("rds", "db"))
TARGETS = (PolicyTarget("Unit", "enforce", "root"), PolicyTarget("root", "enforce", None))


def denied(policy: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return the (type, key, value) that a policy denies, of all that these tests know."""
    return {
        (kind, spelling, text)
        for service, kind in RESOURCES
        for key in KEYS
        for spelling in (key, key.upper())
        for text in TEXTS
        if violated_key(policy, service, {kind}, {spelling: text})
    }


def unwanted(policy: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the (key, value) that a policy does not want, enforced or not."""
    spellings = [spelling for key in KEYS for spelling in (key, key.upper())]
    return {(key, text) for key in spellings for text in TEXTS if violations(policy, {key: text})}


@TREES
@given(NODES, NODES)
def test_a_comparison_without_stricter_changes_denies_nothing_more(before: Nodes, after: Nodes) -> None:
    old, new = effective_tag_policy(before), effective_tag_policy(after)
    effects = {change.effect for change in compare_policies(old, new)}
    if "stricter" not in effects:
        assert denied(new) <= denied(old)
        assert unwanted(new) <= unwanted(old)
    if "looser" not in effects:
        spelled = any(change.element == "tag_key" for change in compare_policies(old, new))
        assert spelled or denied(old) <= denied(new)
        assert spelled or unwanted(old) <= unwanted(new)


@TREES
@given(NODES, st.sampled_from(KEYS), st.sampled_from(["tag_value", "enforced_for", "tag_key"]), st.data())
def test_one_change_of_a_policy_is_judged_rightly(nodes: Nodes, key: str, element: str, data: st.DataObject) -> None:
    old = effective_tag_policy(nodes)
    entry = dict(old["tags"].get(key, {"tag_key": key}))
    lists = st.none() | st.lists(st.sampled_from(VALUES if element == "tag_value" else TYPES), max_size=3, unique=True)
    value = data.draw(st.sampled_from([key, key.upper()]) if element == "tag_key" else lists)
    entry = {name: held for name, held in {**entry, element: value}.items() if held is not None}
    new = {"tags": {**old["tags"], key: entry}}
    effects = {change.effect for change in compare_policies(old, new)}
    if "stricter" not in effects:
        assert denied(new) <= denied(old)
    if "looser" not in effects and element != "tag_key":
        assert denied(old) <= denied(new)


@TREES
@given(NODES)
def test_what_is_denied_is_unwanted_and_enforced(nodes: Nodes) -> None:
    policy = effective_tag_policy(nodes)
    services = {kind: service for service, kind in RESOURCES}
    for kind, key, text in denied(policy):
        assert violations(policy, {key: text})
        assert is_enforced(policy["tags"][key.lower()], services[kind], {kind})


@st.composite
def widenings(draw: st.DrawFn) -> tuple[Dictionary, Dictionary]:
    """Return a dictionary, and one that allows more values of some keys, or any."""
    narrow: dict[str, Any] = {}
    wide: dict[str, Any] = {}
    for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, unique=True)):
        values = draw(st.lists(st.sampled_from(VALUES), min_size=2, max_size=4, unique=True))
        unit = draw(st.sampled_from([None, {"append": ["other"]}, {"remove": values[:1]}]))
        changes = {"values_by_ou": {"Unit": unit}} if unit else {}
        tag = {"purpose": "Any.", "enforced_for": draw(st.lists(st.sampled_from(TYPES), unique=True))}
        narrow[key] = {**tag, "values": values, **changes}
        more = draw(st.lists(st.sampled_from([value for value in VALUES if value not in values]), unique=True))
        wide[key] = draw(st.sampled_from([tag, {**tag, "values": [*values, *more], **changes}]))
    return tuple(Dictionary.model_validate({"version": 1, "tags": tags}) for tags in (narrow, wide))


def effective(dictionary: Dictionary) -> list[dict[str, Any]]:
    """Return the effective policies of the root and of the unit."""
    documents = render_tag_policies(dictionary, "any", TARGETS, load_facts().limits)
    nodes = [[each.content for each in documents.values() if each.target == target] for target in ("root", "Unit")]
    return [effective_tag_policy(nodes[:1]), effective_tag_policy(nodes)]


@TREES
@given(widenings())
def test_a_wider_dictionary_never_denies_what_was_allowed(pair: tuple[Dictionary, Dictionary]) -> None:
    for narrow, wide in zip(*map(effective, pair), strict=True):
        assert denied(wide) <= denied(narrow)
        assert unwanted(wide) <= unwanted(narrow)
        assert "stricter" not in {change.effect for change in compare_policies(narrow, wide)}
