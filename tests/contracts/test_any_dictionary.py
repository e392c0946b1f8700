"""Properties of the documents of any dictionary: AWS's limits or a fault that names one; no key twice or lost."""

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from harness.dictionary import Dictionary
from harness.dictionary.rules import dictionary_faults
from harness.documents import capacity_faults, policy_targets, render_config_rules, render_tag_policies, target_id
from harness.environment import Environment
from harness.environment.rules import environment_faults
from harness.errors import TagrailError
from harness.facts import load_facts
from harness.policy.effective import effective_tag_policy
from tests.contracts.expectation import expected_effective
from tests.contracts.seeded_organization import seeded_organization

pytestmark = pytest.mark.thorough

UNITS = ["Security", "Infrastructure", "Workloads", "Workloads/Dev", "Workloads/Test", "Workloads/Prod", "Sandbox"]
TYPES = ["AWS::S3::Bucket", "AWS::EC2::Instance", "AWS::SageMaker::Model", "AWS::SageMaker::Endpoint"]
POLICY_TYPES = ["ec2:instance", "s3:ALL_SUPPORTED", "rds:*", "dynamodb:table"]

mode = st.sampled_from(["report", "enforce"])
subset = st.lists(st.sampled_from(POLICY_TYPES), unique=True)


@st.composite
def tags(draw: st.DrawFn) -> dict[str, Any]:
    """Return one tag; values are long at times, so that documents must be cut."""
    tag: dict[str, Any] = {"purpose": "Any.", "mandatory": draw(st.booleans()), "cost_allocation": draw(st.booleans())}
    if draw(st.booleans()):
        count, length = draw(st.integers(2, 40)), draw(st.sampled_from([2, 20, 200]))
        tag["values"] = [f"v{number:02d}{'x' * length}" for number in range(count)]
        tag["values_by_ou"] = {
            unit: draw(st.sampled_from([{"append": [f"only-{unit[:3]}"]}, {"remove": [tag["values"][0]]}]))
            for unit in draw(st.lists(st.sampled_from(UNITS), unique=True, max_size=3))
        }
    if draw(st.booleans()):
        tag["enforced_for"] = draw(subset)
    if tag["mandatory"]:
        tag["report_required_tag_for"] = draw(st.none() | subset)
        tag["mandatory_for"] = draw(st.none() | st.lists(st.sampled_from(TYPES), min_size=1, unique=True))
    return tag


@st.composite
def dictionaries(draw: st.DrawFn) -> Dictionary:
    keys = draw(st.lists(st.integers(1, 99).map(lambda number: f"Key:{number}"), min_size=1, max_size=15, unique=True))
    defaults = {"mandatory_for": TYPES[:3], "enforced_for": draw(subset), "report_required_tag_for": draw(subset)}
    data = {"version": 1, "defaults": defaults, "tags": {key: draw(tags()) for key in keys}}
    return Dictionary.model_validate(data)


@st.composite
def environments(draw: st.DrawFn) -> Environment:
    accounts = [account.name for account in seeded_organization().accounts]
    policy = {
        "root": draw(st.none() | mode),
        "organizational_units": draw(st.dictionaries(st.sampled_from(UNITS), mode, max_size=4)),
        "accounts": draw(st.dictionaries(st.sampled_from(accounts), mode, max_size=2)),
    }
    base = {
        "version": 1,
        "name": "any",
        "target": "aws",
        "payer_account_id": "1",
        "organization_id": "o",
        "regions": {"home": "x"},
    }
    return Environment.model_validate({**base, "config": {"scope": "organization"}, "tag_policy": policy})


@given(dictionaries())
@settings(max_examples=40)
def test_the_generated_dictionaries_are_valid(dictionary: Dictionary) -> None:
    assert list(dictionary_faults(dictionary, load_facts())) == []


@given(dictionaries(), environments())
@settings(max_examples=60)
def test_policies_keep_every_limit_or_a_fault_says_which_is_broken(
    dictionary: Dictionary, environment: Environment
) -> None:
    facts = load_facts()
    targets = policy_targets(dictionary, environment, None)
    policies = render_tag_policies(dictionary, environment.name, targets, facts.limits)
    sizes = [len(json.dumps(each.content, separators=(",", ":"))) for each in policies.values()]
    attached = Counter(each.target for each in policies.values())
    keys = Counter((each.target, key) for each in policies.values() for key in each.content["tags"])  # type: ignore[attr-defined]
    assert max(keys.values(), default=1) == 1
    kept = max(sizes, default=0) <= 10_000 and max(attached.values(), default=0) <= 10
    faults = [message for place, message in capacity_faults(dictionary, environment, facts) if place[0] == "tag_policy"]
    assert kept == (faults == [])


@given(dictionaries(), environments())
@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
def test_accounts_get_what_the_dictionary_says(dictionary: Dictionary, environment: Environment) -> None:
    organization = seeded_organization()
    faults = environment_faults(environment, dictionary, Path(), load_facts())
    assume(not any(place[0] == "tag_policy" for place, _ in faults))
    try:
        targets = policy_targets(dictionary, environment, organization)
    except TagrailError:  # an account below a unit whose values change, and no policy on the way to carry them
        assume(False)  # noqa: FBT003 (hypothesis)
    policies = render_tag_policies(dictionary, environment.name, targets, load_facts().limits)
    at: dict[str, list[Any]] = {}
    for document in policies.values():
        at.setdefault(target_id(document.target, organization), []).append(document.content)
    for account in organization.accounts:
        units = [path for path in sorted(organization.units, key=len) if f"{account.unit}/".startswith(f"{path}/")]
        nodes = [organization.root_id, *(organization.units[unit] for unit in units), account.id]
        effective = effective_tag_policy([at.get(node, []) for node in nodes])["tags"]
        shown = {
            key: {
                name: set(value) if isinstance(value, list) else value for name, value in entry.items() if value != []
            }
            for key, entry in effective.items()
        }
        assert shown == expected_effective(dictionary, environment, account)


@given(dictionaries())
@settings(max_examples=60)
def test_rules_keep_every_limit_and_judge_each_mandatory_key_once_a_type(dictionary: Dictionary) -> None:
    facts = load_facts()
    rules = render_config_rules(dictionary, "any", facts)
    places: Counter[tuple[str, str]] = Counter()
    for name, rule in rules.items():
        assert len(name) <= 64
        assert len(rule.policy or "") <= 10_000
        assert len(json.dumps(rule.parameters or {}, separators=(",", ":"))) <= 1024
        required = [value for parameter, value in (rule.parameters or {}).items() if parameter.endswith("Key")]
        required += [key for key in dictionary.tags if f"<<{key} is missing>>" in (rule.policy or "")]
        if "-tag-values-guard" not in name:
            places.update((key, resource_type) for key in required for resource_type in rule.resource_types)
    wanted = chain.from_iterable(
        ((key, resource_type) for resource_type in dictionary.mandatory_types(key))
        for key in dictionary.mandatory_keys()
    )
    assert places == Counter(wanted)


@given(dictionaries(), st.integers(1, 99))
@settings(max_examples=60)
def test_a_new_key_renames_no_policy_and_leaves_those_of_long_keys_alone(dictionary: Dictionary, number: int) -> None:
    environment = Environment.model_validate(
        {
            "version": 1,
            "name": "any",
            "target": "aws",
            "payer_account_id": "1",
            "organization_id": "o",
            "regions": {"home": "x"},
            "config": {"scope": "account"},
            "tag_policy": {"root": "report"},
        }
    )
    more = Dictionary.model_validate(
        {**dictionary.model_dump(), "tags": {**dictionary.model_dump()["tags"], f"New:{number}": {"purpose": "New."}}}
    )
    limits = load_facts().limits
    before, after = (
        render_tag_policies(each, "any", policy_targets(each, environment, None), limits) for each in (dictionary, more)
    )
    assert set(before) <= set(after)
    owned = {name for name in before if "-own-" in name}
    assert {name: before[name] for name in owned} == {name: after[name] for name in owned}


@given(dictionaries(), st.integers(1, 99))
@settings(max_examples=60, deadline=None)
def test_a_new_key_renames_no_rule_and_leaves_those_of_long_keys_alone(dictionary: Dictionary, number: int) -> None:
    new = {f"New:{number}": {"purpose": "New.", "mandatory": True, "values": ["a"]}}
    more = Dictionary.model_validate({**dictionary.model_dump(), "tags": {**dictionary.model_dump()["tags"], **new}})
    before, after = (render_config_rules(each, "any", load_facts()) for each in (dictionary, more))
    assert set(before) <= set(after)
    owned = {name for name in before if "-own-" in name}
    assert {name: before[name] for name in owned} == {name: after[name] for name in owned}
