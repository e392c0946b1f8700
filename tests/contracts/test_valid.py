"""Every valid case: documents within AWS's limits, and what they bring about is what the dictionary says."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from harness.documents import RuleDocument, target_id
from harness.environment import facts_of
from harness.policy.effective import effective_tag_policy
from tests.contracts.case import case_files, read_case
from tests.contracts.documents_json import Documents, render
from tests.contracts.expectation import (
    MANAGED_KEYS,
    allowed_values,
    expected_effective,
    judge,
    right_value,
    wrong_values,
)

CASES = case_files("valid")
each_case = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


@cache
def documents(path: Path) -> Documents:
    case = read_case(path)
    with TemporaryDirectory() as folder:
        return render(case, case.project(Path(folder)))


@each_case
def test_a_valid_case_is_accepted(path: Path, tmp_path: Path) -> None:
    assert read_case(path).found(tmp_path) == ()


@each_case
def test_tag_policies_obey_the_limits_of_organizations(path: Path) -> None:
    found = documents(path)
    limits = facts_of(found.environment).limits
    policies = found.tag_policies
    texts = {
        name: json.dumps(each.content, separators=(",", ":"), ensure_ascii=False) for name, each in policies.items()
    }
    assert [name for name, text in texts.items() if len(text) > limits["tag_policy_document_characters"]] == []
    assert [name for name in policies if len(name) > 128] == []
    attached = Counter(each.target for each in policies.values())
    assert max(attached.values(), default=0) <= limits["tag_policies_per_target"]


@each_case
def test_no_key_stands_twice_at_one_target(path: Path) -> None:
    policies = documents(path).tag_policies.values()
    keys = Counter((each.target, key) for each in policies for key in _tags(each.content))
    assert [place for place, count in keys.items() if count > 1] == []


@each_case
def test_config_rules_obey_the_limits_of_config(path: Path) -> None:
    found = documents(path)
    limits = facts_of(found.environment).limits
    longest = 64 if found.environment.config.scope == "organization" else 128
    for name, rule in found.config_rules.items():
        assert len(name) <= longest
        assert 1 <= len(rule.resource_types) <= 100
        assert len(rule.policy or "") <= limits["config_rule_policy_characters"]
        parameters = json.dumps(rule.parameters or {}, separators=(",", ":"), ensure_ascii=False)
        assert len(parameters) <= limits["config_rule_parameters_characters"]
        keys = [parameter for parameter in rule.parameters or {} if parameter.endswith("Key")]
        assert len(keys) <= min(MANAGED_KEYS, limits["config_rule_keys"])


@each_case
def test_each_account_gets_exactly_what_the_dictionary_says(path: Path) -> None:
    found = documents(path)
    at: dict[str, list[Mapping[str, Any]]] = {}
    for document in found.tag_policies.values():
        at.setdefault(target_id(document.target, found.organization), []).append(document.content)
    for account in found.organization.accounts:
        units = [
            path for path in sorted(found.organization.units, key=len) if f"{account.unit}/".startswith(f"{path}/")
        ]
        nodes = [found.organization.root_id, *(found.organization.units[unit] for unit in units), account.id]
        effective = effective_tag_policy([at.get(node, []) for node in nodes])["tags"]
        assert _as_sets(effective) == expected_effective(found.dictionary, found.environment, account), account.name


@each_case
def test_rules_pass_every_allowed_value(path: Path) -> None:
    """Give every key its next allowed value in each round; judge one type of each kind."""
    found = documents(path)
    values = {key: allowed_values(found.dictionary, key) or [right] for key, right in _right(path).items()}
    for resource_type, rules in _rules_by_type(found).items():
        for turn in range(max(map(len, values.values()), default=0)):
            tags = {key: own[turn % len(own)] for key, own in values.items()}
            assert [tags for rule in rules if not judge(rule, resource_type, tags)] == []


@each_case
def test_rules_fail_each_fault_of_each_key(path: Path) -> None:
    """Break one key at a time: missing, empty, not allowed, against the pattern; some rule of the type must fail."""
    found, right = documents(path), _right(path)
    for resource_type, rules in _rules_by_type(found).items():
        for key in right:
            if resource_type not in found.dictionary.mandatory_types(key):
                continue
            own = [rule for rule in rules if key in str(rule.policy or list((rule.parameters or {}).values()))]
            missing = {other: value for other, value in right.items() if other != key}
            faulty = [missing, *({**right, key: value} for value in wrong_values(found.dictionary, key))]
            accepted = [tags.get(key) for tags in faulty if all(judge(rule, resource_type, tags) for rule in own)]
            assert accepted == [], key


@each_case
def test_a_key_is_judged_on_the_types_on_which_it_is_mandatory_and_no_others(path: Path) -> None:
    found = documents(path)
    judged: dict[str, set[str]] = {}
    for rule in found.config_rules.values():
        for key in found.dictionary.tags:
            required = f"<<{key} is missing>>" in (rule.policy or "")
            if required or key in [value for name, value in (rule.parameters or {}).items() if name.endswith("Key")]:
                judged.setdefault(key, set()).update(rule.resource_types)
    assert judged == {key: set(found.dictionary.mandatory_types(key)) for key in found.dictionary.mandatory_keys()}


@each_case
def test_each_budget_filters_on_keys_that_billing_knows(path: Path) -> None:
    found = documents(path)
    for budget in found.budgets.values():
        for pair in budget.filters.get("TagKeyValue", ()):
            scheme, rest = pair.split(":", 1)
            key, value = rest.split("$")
            assert scheme == "user"
            assert found.dictionary.tags[key].cost_allocation
            assert value
        assert budget.limit.type != "fixed" or budget.limit.usd


@each_case
def test_a_cost_allocation_key_is_active_or_pending_and_only_named_ones_are_inactive(path: Path) -> None:
    found, case = documents(path), read_case(path)
    tags, wanted = found.cost_allocation_tags, found.environment.cost_allocation
    expected = {key for key, tag in found.dictionary.tags.items() if tag.cost_allocation}
    expected |= {f"accountTag/{key}" for key in wanted.account_tags}
    assert set(tags.active) == expected & set(case.billed)
    assert set(tags.pending) == expected - set(case.billed)
    assert set(tags.inactive) == set(wanted.deactivate) & set(case.billed)


@each_case
def test_tag_options_are_the_whole_values_of_the_keys_that_are_offered(path: Path) -> None:
    found = documents(path)
    section, limits = found.environment.tag_option, facts_of(found.environment).limits
    if section is None:
        assert (found.tag_options, found.skipped_values) == ({}, {})
        return
    offered = {
        (key, value)
        for key, tag in found.dictionary.tags.items()
        if (tag.mandatory and tag.values if section.keys is None else key in section.keys)
        for value in [*(tag.values or ()), *(each for change in tag.values_by_ou.values() for each in change.append)]
    }
    retired = {(key, value) for key, values in section.retired.items() for value in values}
    options = found.tag_options.values()
    assert {(each.key, each.value) for each in options if each.active} == {
        pair for pair in offered if "*" not in pair[1]
    }
    assert {(each.key, each.value) for each in options if not each.active} == retired
    assert {(key, value) for key, values in found.skipped_values.items() for value in values} == {
        pair for pair in offered if "*" in pair[1]
    }
    resources = Counter(resource for each in options for resource in each.resources)
    assert set(resources) == ({*section.portfolios, *section.products} if offered else set())
    assert max(resources.values(), default=0) <= limits["tag_options_per_resource"]
    assert max(Counter(each.key for each in options).values()) <= limits["tag_option_values_per_key"]
    assert not any(each.resources for each in options if not each.active)


def _right(path: Path) -> dict[str, str]:
    """Return a right value of each mandatory key."""
    dictionary = documents(path).dictionary
    return {key: right_value(dictionary, key, read_case(path).examples) for key in dictionary.mandatory_keys()}


def _rules_by_type(found: Documents) -> dict[str, list[RuleDocument]]:
    """Return the rules on one resource type of each scope that a rule has."""
    rules = found.config_rules.values()
    types = sorted({rule.resource_types[0] for rule in rules})
    return {resource_type: [rule for rule in rules if resource_type in rule.resource_types] for resource_type in types}


def _tags(content: Mapping[str, Any]) -> Mapping[str, Any]:
    tags: Mapping[str, Any] = content["tags"]
    return tags


def _as_sets(tags: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return entries with their lists as sets, empty lists left out: neither order nor emptiness means anything."""
    return {
        key: {name: set(value) if isinstance(value, list) else value for name, value in entry.items() if value != []}
        for key, entry in tags.items()
    }
