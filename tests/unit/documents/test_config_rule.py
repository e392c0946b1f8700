"""Config rules: REQUIRED_TAGS where it can judge, Guard where it cannot, grouped by resource types."""

import json
from typing import Any

from harness.dictionary import Dictionary
from harness.documents import RuleDocument, render_config_rules
from harness.facts import load_facts

SEEN, UNSEEN = "AWS::S3::Bucket", "AWS::SageMaker::Model"
FACTS = load_facts()


def rules(tags: dict[str, dict[str, Any]], types: tuple[str, ...] = (SEEN,)) -> dict[str, RuleDocument]:
    defaults = {"mandatory_for": list(types)}
    data = {key: {"purpose": "Any.", "mandatory": True, **tag} for key, tag in tags.items()}
    return render_config_rules(
        Dictionary.model_validate({"version": 1, "defaults": defaults, "tags": data}), "any", FACTS
    )


def test_listed_values_need_no_guard_rule() -> None:
    assert rules({"team": {"values": ["retail", "ml"]}}) == {
        "any-required-tags-1": RuleDocument("managed", (SEEN,), {"tag1Key": "team", "tag1Value": "ml,retail"})
    }


def test_any_value_needs_a_guard_rule_since_an_empty_one_counts_as_present() -> None:
    found = rules({"team": {}})
    assert found["any-required-tags-1"].parameters == {"tag1Key": "team"}
    assert found["any-tag-values-guard-1"].policy == (
        "rule tag_values {\n  when tags[ keys == 'team' ] !empty {\n"
        "    tags[ keys == 'team' ] != /^\\s*$/ <<team is empty>>\n  }\n}"
    )


def test_a_value_with_a_wildcard_is_judged_by_guard_alone() -> None:
    found = rules({"team": {"values": ["ml-*"]}})
    assert found["any-required-tags-1"].parameters == {"tag1Key": "team"}
    assert "IN [/^ml-.*$/]" in str(found["any-tag-values-guard-1"].policy)


def test_a_pattern_is_judged_by_guard_beside_the_values() -> None:
    found = rules({"team": {"values": ["a/b"], "pattern": "[a-z]/[a-z]"}})
    assert found["any-required-tags-1"].parameters == {"tag1Key": "team", "tag1Value": "a/b"}
    assert "== /^([a-z]\\/[a-z])$/" in str(found["any-tag-values-guard-1"].policy)


def test_types_that_required_tags_does_not_see_get_the_whole_check_in_guard() -> None:
    (found,) = rules({"team": {"values": ["ml"]}}, (UNSEEN,)).items()
    name, rule = found
    assert name == "any-required-tags-guard-1"
    assert rule.resource_types == (UNSEEN,)
    assert rule.policy == (
        "rule required_tags {\n  tags[ keys == 'team' ] !empty <<team is missing>>\n"
        "  tags[ keys == 'team' ] != /^\\s*$/ <<team is empty>>\n"
        "  tags[ keys == 'team' ] IN [\"ml\"] <<team has a value that is not allowed>>\n}"
    )


def test_values_of_every_unit_are_allowed_since_rules_know_no_units() -> None:
    found = rules(
        {"team": {"values": ["ml"], "values_by_ou": {"Sandbox": {"append": ["lab"]}, "Prod": {"remove": ["ml"]}}}}
    )
    assert found["any-required-tags-1"].parameters == {"tag1Key": "team", "tag1Value": "lab,ml"}


def test_seven_keys_need_a_second_rule() -> None:
    found = rules({f"k{number}": {"values": ["a"]} for number in range(7)})
    assert {name: len(rule.parameters or {}) // 2 for name, rule in found.items()} == {
        "any-required-tags-1": 6,
        "any-required-tags-2": 1,
    }


def test_keys_that_fit_no_rule_together_are_cut_by_characters() -> None:
    found = rules({f"k{number}": {"values": [f"{'x' * 200}{value}" for value in "abc"]} for number in range(3)})
    assert len(found) == 3
    assert all(name.startswith("any-required-tags-own-") for name in found)
    assert all(len(json.dumps(rule.parameters, separators=(",", ":"))) <= 1024 for rule in found.values())


def test_another_key_moves_no_rule_of_its_own() -> None:
    long = {f"k{number}": {"values": [f"{'x' * 200}{value}" for value in "abc"]} for number in range(3)}
    before = rules(long)
    after = rules({**{f"a{number}": {} for number in range(7)}, **long})
    assert {name: after[name] for name in before} == before
    assert {"any-required-tags-1", "any-required-tags-2"} <= after.keys() - before.keys()


def test_short_keys_that_come_first_rename_no_rule() -> None:
    tags: dict[str, dict[str, Any]] = {f"k{number}": {"values": ["x" * 250]} for number in range(7)}
    before, after = rules(tags), rules({**{f"a{number}": {"values": ["x"]} for number in range(6)}, **tags})
    assert set(before) <= set(after)


def test_values_that_fit_no_rule_are_judged_by_guard() -> None:
    found = rules({"team": {"values": [f"{'x' * 200}{number}" for number in range(6)]}})
    assert found["any-required-tags-1"].parameters == {"tag1Key": "team"}
    assert str(found["any-tag-values-guard-1"].policy).count("xxx5") == 1


def test_keys_with_types_of_their_own_have_rules_of_their_own() -> None:
    found = rules({"a": {"values": ["x"]}, "b": {"values": ["x"], "mandatory_for": ["AWS::EC2::Volume"]}})
    names = sorted(found)
    assert names[0] == "any-required-tags-1"
    assert found[names[1]].resource_types == ("AWS::EC2::Volume",)
    assert len(names[1]) == len("any-required-tags-abcdef-1")


def test_the_same_types_in_another_order_are_one_group() -> None:
    found = rules(
        {"a": {"values": ["x"]}, "b": {"values": ["x"], "mandatory_for": [UNSEEN, SEEN, SEEN]}}, (SEEN, UNSEEN)
    )
    assert set(found) == {"any-required-tags-1", "any-required-tags-guard-1"}


def test_optional_keys_have_no_rule() -> None:
    assert rules({"team": {"mandatory": False}}) == {}
