"""Every difference between two effective policies is named, with whether it is stricter, looser or neutral."""

from typing import Any

import pytest

from harness.policy.comparison import AccountChange, Change, compare_organizations, compare_policies
from harness.policy.effective import effective_policy
from harness.policy.provenance import EffectivePolicy

from .attached import attached, node

Entry = dict[str, Any]


def changes(before: Entry | None, after: Entry | None) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Return (element, kind, values, effect) of the changes of one key."""
    old, new = ({"tags": {} if entry is None else {"a": {"tag_key": "a", **entry}}} for entry in (before, after))
    return [(change.element, change.kind, change.values, change.effect) for change in compare_policies(old, new)]


def values(*texts: str) -> Entry:
    return {"tag_value": list(texts)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (values("x"), values("x", "y"), [("tag_value", "added", ("y",), "looser")]),
        (values("x", "y"), values("x"), [("tag_value", "removed", ("y",), "stricter")]),
        (
            values("x", "y"),
            values("z", "x"),
            [("tag_value", "added", ("z",), "looser"), ("tag_value", "removed", ("y",), "stricter")],
        ),
        (values("x", "y"), values("y", "x"), []),
        ({}, values("y", "x"), [("tag_value", "added", ("x", "y"), "stricter")]),
        (values("x"), {}, [("tag_value", "removed", ("x",), "looser")]),
        (values("x"), values(), [("tag_value", "removed", ("x",), "stricter")]),
        ({}, values(), [("tag_value", "added", (), "stricter")]),
        (values(), {}, [("tag_value", "removed", (), "looser")]),
        (values(), values("x"), [("tag_value", "added", ("x",), "looser")]),
        ({}, values("*"), [("tag_value", "added", ("*",), "neutral")]),
        (values("*"), {}, [("tag_value", "removed", ("*",), "neutral")]),
        (values("ab*"), values("ab*", "abc"), [("tag_value", "added", ("abc",), "neutral")]),
        (
            values("abc", "x"),
            values("ab*"),
            [
                ("tag_value", "added", ("ab*",), "looser"),
                ("tag_value", "removed", ("x",), "stricter"),
                ("tag_value", "removed", ("abc",), "neutral"),
            ],
        ),
    ],
)
def test_values(before: Entry, after: Entry, expected: list[tuple[str, str, tuple[str, ...], str]]) -> None:
    assert changes(before, after) == expected


@pytest.mark.parametrize("element", ["enforced_for", "report_required_tag_for"])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], ["s3:bucket", "ec2:instance"], [("added", ("ec2:instance", "s3:bucket"), "stricter")]),
        (["s3:bucket"], [], [("removed", ("s3:bucket",), "looser")]),
        (
            ["s3:*"],
            ["s3:ALL_SUPPORTED"],
            [("added", ("s3:ALL_SUPPORTED",), "neutral"), ("removed", ("s3:*",), "neutral")],
        ),
        (["ec2:*"], ["ec2:*", "ec2:volume"], [("added", ("ec2:volume",), "neutral")]),
        (["ec2:volume"], ["ec2:*"], [("added", ("ec2:*",), "stricter"), ("removed", ("ec2:volume",), "neutral")]),
    ],
)
def test_types(element: str, before: list[str], after: list[str], expected: list[tuple[Any, ...]]) -> None:
    assert changes({element: before}, {element: after}) == [(element, *change) for change in expected]


def test_no_types_are_as_good_as_none_named() -> None:
    assert changes({"enforced_for": []}, {}) == []


def test_another_spelling_is_stricter() -> None:
    found = compare_policies({"tags": {"a-b": {"tag_key": "A-B"}}}, {"tags": {"a-b": {}}})
    assert found == (
        Change("a-b", "tag_key", "changed", ("A-B", "a-b"), "stricter", "the old spelling does not pass any more"),
    )


def test_a_key_that_comes_is_stricter_and_one_that_goes_is_looser() -> None:
    entry = {**values("x"), "enforced_for": ["s3:bucket"]}
    assert changes(None, entry) == [
        ("", "added", (), "stricter"),
        ("tag_value", "added", ("x",), "stricter"),
        ("enforced_for", "added", ("s3:bucket",), "stricter"),
    ]
    assert changes(entry, None) == [
        ("", "removed", (), "looser"),
        ("tag_value", "removed", ("x",), "looser"),
        ("enforced_for", "removed", ("s3:bucket",), "looser"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({}, values("x"), "any value passed before"),
        ({}, values(), "no value passes any more"),
        (values("x"), {}, "any value passes now"),
        (values("x"), values(), "no value passes any more"),
        (values("x"), values("y", "x"), "did not pass before"),
        (values("x*"), values("xy", "x*"), "passed before, by a value with *"),
        ({}, {"enforced_for": ["s3:bucket"]}, "wrong tags are denied there now"),
    ],
)
def test_a_change_says_why(before: Entry, after: Entry, why: str) -> None:
    (found,) = compare_policies({"tags": {"a": before}}, {"tags": {"a": after}})
    assert found.why == why


def test_keys_are_compared_without_case_and_come_sorted() -> None:
    before = {"tags": {"B": {"tag_key": "B"}, "c": {"tag_key": "c"}}}
    after = {"tags": {"b": {"tag_key": "B"}, "a": {"tag_key": "a"}}}
    assert [(change.key, change.kind) for change in compare_policies(before, after)] == [
        ("a", "added"),
        ("c", "removed"),
    ]


def test_no_policy_at_all_is_an_empty_one() -> None:
    assert compare_policies({}, {"tags": {}}) == ()


def effective(**elements: list[str]) -> EffectivePolicy:
    tags = {"a": {name: {"@@assign": value} for name, value in elements.items()}}
    return effective_policy([node("root", attached("p", tags))])


def test_accounts_are_compared_one_by_one() -> None:
    old, new = effective(tag_value=["x"]), effective(tag_value=["x", "y"])
    looser = (Change("a", "tag_value", "added", ("y",), "looser", "did not pass before"),)
    before = {"3": old, "1": old, "2": old, "4": old}
    found = list(compare_organizations(before, {"1": new, "2": old, "3": new, "5": EffectivePolicy()}))
    assert [(change.account, change.presence) for change in found] == [
        ("1", "kept"),
        ("3", "kept"),
        ("4", "removed"),
        ("5", "added"),
    ]
    assert found[0] == AccountChange("1", "kept", looser)
    assert found[1].changes is found[0].changes
    assert [change.effect for change in found[2].changes] == ["looser", "looser"]
    assert found[3].changes == ()
