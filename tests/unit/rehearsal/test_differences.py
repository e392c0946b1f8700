"""What a rehearsal tells of policies: each change once, for all accounts and keys that get it."""

import json

import pytest

from harness.rehearsal import (
    ChangeRow,
    ControlChange,
    Places,
    account_policies,
    control_policy_changes,
    order_doubts,
    tag_policy_changes,
)
from tests.unit.rehearsal.seeds import LONE, ONE, PAYER, ROOT, TWO, UNIT, control_policy, organization, seed, tag_policy

VALUES = {"tag_value": ["x"]}


def rows(before: dict[str, tuple[object, ...]], after: dict[str, tuple[object, ...]]) -> tuple[ChangeRow, ...]:
    old, new = (account_policies(seed(attached)) for attached in (before, after))  # type: ignore[arg-type]
    return tag_policy_changes(old, new)


def test_accounts_and_keys_with_the_same_change_are_one_row() -> None:
    before = {ROOT: (tag_policy("p", Stage=VALUES),)}
    after = {
        ROOT: (tag_policy("p", Stage=VALUES, Owner={}, Team={}),),
        UNIT: (tag_policy("u", Stage={"tag_value": []}),),
    }
    assert [(row.element, row.kind, row.values, row.effect, row.keys, row.accounts) for row in rows(before, after)] == [
        ("", "added", (), "stricter", ("Owner", "Team"), (PAYER, ONE, TWO, LONE)),
        ("tag_value", "removed", ("x",), "stricter", ("Stage",), (ONE, TWO)),
    ]


def test_stricter_comes_before_looser_and_that_before_neutral() -> None:
    before = {ROOT: (tag_policy("p", Stage={"tag_value": ["x*", "y"], "enforced_for": ["s3:bucket"]}),)}
    after = {ROOT: (tag_policy("p", Stage={"tag_value": ["x*", "xa"]}),)}
    assert [(row.element, row.kind, row.effect) for row in rows(before, after)] == [
        ("tag_value", "removed", "stricter"),
        ("enforced_for", "removed", "looser"),
        ("tag_value", "added", "neutral"),
    ]


def test_nothing_differs_where_nothing_was_changed() -> None:
    attached = {ROOT: (tag_policy("p", Stage=VALUES),), ONE: (tag_policy("o", Owner={}),)}
    assert rows(attached, attached) == ()


def test_policies_bind_nobody_while_their_type_is_disabled() -> None:
    found = seed({ROOT: (tag_policy("p", Stage=VALUES),)})
    disabled = found.organization.model_copy(update={"policy_types": ()})
    policies = account_policies(found.model_copy(update={"organization": disabled}))
    assert {len(policy.keys) for policy in policies.values()} == {0}


def test_a_doubt_is_named_only_where_the_order_of_attachment_decides() -> None:
    first, second = tag_policy("first", Stage=VALUES), tag_policy("second", Stage={"tag_value": ["y"]})
    assert order_doubts(seed({ROOT: (first,), UNIT: (second,)})) == ()
    assert order_doubts(seed({UNIT: (first, second)})) == (
        'tag_value of stage at Unit: "first" was attached before "second"',
    )


def test_control_policies_are_told_by_node() -> None:
    kept, edited, gone = control_policy("kept"), control_policy("edit"), control_policy("gone")
    before = seed({ROOT: (kept, edited), ONE: (gone,), UNIT: (kept,)})
    after = seed(
        {ROOT: (kept, control_policy("edit", "ec2:*")), LONE: (kept, control_policy("new"))}, control_policy("idle")
    )
    assert control_policy_changes(before, after) == (
        ControlChange("", "idle", "new"),
        ControlChange(ONE, "gone", "gone"),
        ControlChange(LONE, "kept", "attached"),
        ControlChange(LONE, "new", "new"),
        ControlChange(UNIT, "kept", "detached"),
        ControlChange(ROOT, "edit", "changed"),
    )


def test_white_space_is_no_change_of_a_control_policy() -> None:
    policy = control_policy("p")
    spaced = policy.model_copy(update={"content": json.dumps(json.loads(policy.content), indent=2)})
    assert control_policy_changes(seed({ROOT: (policy,)}), seed({ROOT: (spaced,)})) == ()


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ((PAYER, ONE, TWO, LONE), "all 4"),
        ((ONE, TWO), "Unit (2)"),
        ((PAYER, LONE), "all but Unit (2)"),
        ((ONE, TWO, LONE), "all but payer (3)"),
        ((ONE,), "one"),
        ((ONE, LONE), "lone, one"),
    ],
)
def test_sets_of_accounts_have_short_names(ids: tuple[str, ...], words: str) -> None:
    assert Places(organization()).accounts(ids) == words
