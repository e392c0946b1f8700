"""Each value of an effective policy has its origin, each ignored operator its cause, and a reader is told both."""

from typing import Any

import pytest

from harness.policy.attachment import AttachedPolicy, Node, Origin
from harness.policy.effective import effective_policy
from harness.policy.provenance import EffectivePolicy, Ignored, render_provenance
from harness.policy.tag_policy import CONTROL, TagPolicyError

from .attached import attached, node

BASE = attached(
    "base",
    {
        "costcenter": {
            "tag_key": {"@@assign": "CostCenter", CONTROL: ["@@none"]},
            "tag_value": {"@@assign": ["Development", "Support"], CONTROL: ["@@append", "@@remove"]},
        }
    },
)


def givers(policy: EffectivePolicy, element: str = "tag_value", key: str = "costcenter") -> dict[str, str]:
    """Return value -> name of the policy and node that gave it."""
    values = policy.keys[key][element].values
    return {value: f"{origin.policy.name}@{origin.node.name}" for value, origin in values.items()}


def values(**operators: list[str]) -> dict[str, Any]:
    return {"costcenter": {"tag_value": {f"@@{name}": value for name, value in operators.items()}}}


def test_each_value_names_the_policy_and_the_node_that_gave_it() -> None:
    unit = node("unit", attached("more", values(append=["Marketing", "Support"])))
    account = node("account", attached("less", values(remove=["Development"])))
    assert givers(effective_policy([node("root", BASE), unit, account])) == {
        "Support": "base@root",
        "Marketing": "more@unit",
    }


def test_an_assignment_takes_over_the_values_that_it_repeats() -> None:
    root = node("root", attached("one", values(assign=["a", "b"])))
    assert givers(effective_policy([root, node("unit", attached("two", values(assign=["b"])))])) == {"b": "two@unit"}


def test_the_same_policy_at_two_nodes_has_two_origins() -> None:
    more = attached("more", values(append=["x"]))
    held = effective_policy([node("root"), node("unit", more), node("account", more)])
    assert givers(held) == {"x": "more@unit"}


def test_an_operator_that_a_limit_forbids_is_ignored_because_of_the_policy_that_set_it() -> None:
    root, own = node("root", BASE), attached("own", values(assign=["Mine"]))
    held = effective_policy([root, node("account", own)])
    (operation,) = own.operations
    assert held.ignored == (Ignored(operation, Origin(own, node("account")), "limit", Origin(BASE, root)),)
    assert givers(held) == {"Development": "base@root", "Support": "base@root"}


@pytest.mark.parametrize(
    ("limits", "cause"),
    [
        ({"costcenter": {"tag_value": {CONTROL: ["@@remove"]}}}, "low"),
        ({"costcenter": {CONTROL: ["@@assign"]}}, "low"),
        ({CONTROL: ["@@none"]}, "low"),
        ({"costcenter": {"tag_value": {CONTROL: ["@@append"]}}}, None),
        ({"costcenter": {"enforced_for": {CONTROL: ["@@none"]}}}, None),
    ],
)
def test_limits_of_element_key_and_policy_are_causes(limits: dict[str, Any], cause: str | None) -> None:
    nodes = [node("root", attached("low", limits)), node("unit", attached("own", values(append=["x"])))]
    assert [found.cause.policy.name for found in effective_policy(nodes).ignored] == ([cause] if cause else [])


def test_of_two_limits_the_upper_one_is_the_cause() -> None:
    nodes = [node(f"n{number}", attached(f"l{number}", {CONTROL: ["@@none"]})) for number in range(2)]
    (found,) = effective_policy([*nodes, node("account", attached("own", values(append=["x"])))]).ignored
    assert str(found.cause) == 'policy "l0" (p-l0) at n0 (n0-1)'


def test_an_assignment_loses_to_the_one_that_was_attached_first() -> None:
    first, second = attached("first", values(assign=["a"])), attached("second", values(assign=["b"]))
    held = effective_policy([node("root", first, second)])
    (found,) = held.ignored
    assert (found.reason, found.origin.policy, found.cause.policy) == ("attached later", second, first)
    assert givers(held) == {"a": "first@root"}


def test_an_assignment_of_the_same_values_loses_nothing() -> None:
    both = [attached(name, values(assign=order)) for name, order in (("one", ["a", "b"]), ("two", ["b", "a"]))]
    assert effective_policy([node("root", *both)]).ignored == ()


def test_removing_from_a_key_that_has_no_values_leaves_any_value_allowed() -> None:
    tags = {"costcenter": {"tag_key": {"@@assign": "CostCenter"}, "tag_value": {"@@remove": ["x"]}}}
    assert effective_policy([node("root", attached("p", tags))]).document() == {
        "tags": {"costcenter": {"tag_key": "CostCenter"}}
    }
    assert effective_policy([node("root", attached("p", values(remove=["x"])))]).document() == {"tags": {}}


def test_an_emptied_element_knows_what_emptied_it() -> None:
    nodes = [node("root", attached("p", values(assign=["a"]))), node("unit", attached("q", values(remove=["a"])))]
    element = effective_policy(nodes).keys["costcenter"]["tag_value"]
    assert (dict(element.values), element.operator, element.changed_by.policy.name) == ({}, "@@remove", "q")


def test_a_node_without_policies_has_its_parents_very_policy() -> None:
    above = [node("root", BASE)]
    held = effective_policy(above)
    assert effective_policy([*above, node("unit"), node("account")]) == held


def test_a_malformed_document_is_refused_with_the_name_of_its_policy() -> None:
    with pytest.raises(TagPolicyError) as failure:
        attached("bad", {"a": {"tag_key": "a", "tag_value": {"@@assign": "x"}}})
    assert len(failure.value.problems) == 2
    assert all(problem.startswith('policy "bad" (p-bad): tags["a"].') for problem in failure.value.problems)


def test_policies_and_nodes_are_the_same_by_name_and_id() -> None:
    assert AttachedPolicy("p", "n", {"tags": {}}) == AttachedPolicy("p", "n", {"tags": {"a": {}}})
    assert Node("r", "Root", (BASE,)) == Node("r", "Root")


def test_the_provenance_reads_like_a_report() -> None:
    root = node("Root", BASE, attached("late", {"costcenter": {"tag_key": {"@@assign": "COSTCENTER"}}}))
    tags = {
        **values(assign=["Mine"], append=["Marketing"]),
        "color": {"tag_value": {"@@assign": []}, "enforced_for": {"@@append": ["s3:bucket"]}},
        "owner": {"report_required_tag_for": {"@@assign": ["ec2:instance", "s3:bucket"]}},
    }
    tags["owner"]["enforced_for"] = {"@@assign": []}
    shown = render_provenance(effective_policy([root, node("ml-dev", attached("own", tags))]))
    assert shown == (
        "color",
        "  tag_key: color, lower case, since no policy spells it",
        '  tag_value: no value is allowed, by @@assign of policy "own" (p-own) at ml-dev (ml-dev-1)',
        '  enforced_for: "s3:bucket" from policy "own" (p-own) at ml-dev (ml-dev-1)',
        "CostCenter",
        '  tag_key: "CostCenter" from policy "base" (p-base) at Root (Root-1)',
        '  tag_value: "Development", "Support" from policy "base" (p-base) at Root (Root-1)',
        '  tag_value: "Marketing" from policy "own" (p-own) at ml-dev (ml-dev-1)',
        '  ignored: @@assign of "COSTCENTER" in tag_key by policy "late" (p-late) at Root (Root-1); '  # noqa: ISC004
        'policy "base" (p-base) at Root (Root-1) was attached first and assigns other values',
        '  ignored: @@assign of "Mine" in tag_value by policy "own" (p-own) at ml-dev (ml-dev-1); '  # noqa: ISC004
        'policy "base" (p-base) at Root (Root-1) does not allow @@assign below it',
        "owner",
        "  tag_key: owner, lower case, since no policy spells it",
        "  tag_value: any, since no policy lists values",
        '  enforced_for: none, by @@assign of policy "own" (p-own) at ml-dev (ml-dev-1)',
        '  report_required_tag_for: "ec2:instance", "s3:bucket" from policy "own" (p-own) at ml-dev (ml-dev-1)',
    )


def test_a_key_that_was_ignored_altogether_is_told_too() -> None:
    locked = node("Root", attached("lock", {CONTROL: ["@@none"]}))
    shown = render_provenance(effective_policy([locked, node("dev", attached("own", values(append=["x"])))]))
    assert shown == (
        "costcenter: not in the effective policy",
        '  ignored: @@append of "x" in tag_value by policy "own" (p-own) at dev (dev-1); '  # noqa: ISC004
        'policy "lock" (p-lock) at Root (Root-1) does not allow @@append below it',
    )


def test_no_policy_is_told_as_such() -> None:
    assert render_provenance(EffectivePolicy()) == ("no tag policy says anything of a key here",)
