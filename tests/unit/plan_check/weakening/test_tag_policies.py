"""Tag policies: what a node's policies say together before and after a plan."""

import json
from typing import Any

import pytest

from harness.plan_check.weakening import Change, Known
from tests.unit.plan_check.weakening.changes import (
    ACCOUNT,
    ROOT,
    UNIT,
    attachment,
    becomes,
    comes,
    found,
    goes,
    only,
    stays,
    tag_policy,
)

POLICY, ATTACHMENT = "aws_organizations_policy.this", "aws_organizations_policy_attachment.this"
OWNER = {"tag_value": ["a", "b"], "enforced_for": ["ec2:instance"], "report_required_tag_for": ["s3:bucket"]}


def values(name: str, content: str) -> dict[str, Any]:
    return {"id": f"p-{name}", "name": name, "type": "TAG_POLICY", "content": content}


def held(name: str, before: str, after: str | None, target: str = ROOT) -> tuple[Change, Change]:
    """A policy that is attached before and after, and its text; None = known only after apply."""
    policy = f'{POLICY}["{name}"]'
    if after is None:
        changed = becomes(policy, values(name, before), "content")
    else:
        changed = becomes(policy, values(name, before), content=after)
    return changed, stays(f'{ATTACHMENT}["{name}"]', **attachment(f"p-{name}", target))


@pytest.mark.parametrize(
    "owner",
    [
        {**OWNER, "tag_value": ["a", "b", "c"]},
        {"enforced_for": ["ec2:instance"], "report_required_tag_for": ["s3:bucket"]},
        {**OWNER, "enforced_for": []},
        {**OWNER, "report_required_tag_for": []},
    ],
    ids=["a value more", "any value", "enforced nowhere", "required nowhere"],
)
def test_a_looser_key_is_a_weakening(owner: dict[str, Any]) -> None:
    weakening = only(*held("one", tag_policy(owner=OWNER), tag_policy(owner=owner)))
    assert (weakening.fault.rule, weakening.fault.verdict) == ("policy-weakened", "fail")
    assert (weakening.address, weakening.where, weakening.fault.key) == (f'{POLICY}["one"]', ROOT, "owner")


@pytest.mark.parametrize(
    "owner",
    [{**OWNER, "tag_value": ["a"]}, {**OWNER, "enforced_for": ["ec2:*"]}, {**OWNER, "tag_value": ["b", "a"]}],
    ids=["a value less", "a whole service", "another order"],
)
def test_a_stricter_key_is_none(owner: dict[str, Any]) -> None:
    assert found(*held("one", tag_policy(owner=OWNER), tag_policy(owner=owner, more={}))) == []


def test_a_key_that_goes_is_unwatched() -> None:
    weakening = only(*held("one", tag_policy(owner=OWNER, stage={}), tag_policy(stage={})))
    assert (weakening.fault.rule, weakening.fault.key) == ("key-unwatched", "owner")
    assert weakening.what == f"the tag policies at {ROOT} watch owner no more"


def test_what_is_known_after_apply_is_unknown() -> None:
    weakening = only(*held("one", tag_policy(owner=OWNER), None))
    assert weakening.fault.verdict == "unknown"
    assert weakening.fault.because == f'the content of {POLICY}["one"] is not known from the plan'


def test_a_policy_that_cannot_be_read_is_unknown() -> None:
    weakening = only(*held("one", tag_policy(owner=OWNER), '{"tags": {"owner": {"tag_value": 1}}}'))
    assert (weakening.fault.rule, weakening.fault.verdict) == ("policy-weakened", "unknown")


def test_a_key_that_moves_to_another_policy_of_the_node_is_still_watched() -> None:
    both, stage, owner = tag_policy(owner=OWNER, stage={}), tag_policy(stage={}), tag_policy(owner=OWNER)
    second = comes(f'{POLICY}["two"]', "id", name="two", type="TAG_POLICY", content=owner)
    attached = comes(f'{ATTACHMENT}["two"]', "policy_id", "id", target_id=ROOT)
    assert found(*held("one", both, stage), second, attached) == []


def test_a_key_that_moves_to_another_node_is_unwatched() -> None:
    both, stage, owner = tag_policy(owner=OWNER, stage={}), tag_policy(stage={}), tag_policy(owner=OWNER)
    moved = (*held("one", both, stage), *held("two", tag_policy(), owner, UNIT))
    assert found(*moved) == [("key-unwatched", "fail", f'{POLICY}["one"]')]


def test_a_key_that_moves_up_is_still_watched() -> None:
    owner = tag_policy(owner=OWNER)
    assert found(*held("one", tag_policy(), owner), *held("two", owner, tag_policy(), UNIT)) == []


def test_a_policy_that_is_renamed_or_made_anew_is_none() -> None:
    owner = tag_policy(owner=OWNER)
    gone = goes(f'{POLICY}["old"]', **values("old", owner)), goes(f'{ATTACHMENT}["old"]', **attachment("p-old", ROOT))
    made = comes(f'{POLICY}["new"]', "id", name="new", type="TAG_POLICY", content=owner)
    attached = comes(f'{ATTACHMENT}["new"]', "policy_id", "id", target_id=ROOT)
    assert found(*gone, made, attached) == []


def test_the_expression_tells_which_new_policy_is_attached() -> None:
    owner = tag_policy(owner=OWNER)
    gone = goes(f"{POLICY}_old", **values("old", owner)), goes(f"{ATTACHMENT}_old", **attachment("p-old", ROOT))
    made = [
        comes("module.x.aws_organizations_policy.a", "id", name="a", type="TAG_POLICY", content=owner),
        comes("module.x.aws_organizations_policy.b", "id", name="b", type="TAG_POLICY", content=tag_policy()),
    ]
    attached = comes("module.x.aws_organizations_policy_attachment.c", "policy_id", target_id=ROOT)
    assert {verdict for _, verdict, _ in found(*gone, *made, attached)} == {"unknown"}
    for name, rules in (("a", []), ("b", ["policy-weakened"])):
        named = Change(
            attached.address,
            attached.type,
            attached.actions,
            None,
            attached.after,
            attached.after_unknown,
            (f"aws_organizations_policy.{name}.id", f"aws_organizations_policy.{name}"),
        )
        assert [rule for rule, _, _ in found(*gone, *made, named)] == rules


def test_an_attachment_that_goes_is_named_once() -> None:
    policy = stays(POLICY, **values("one", tag_policy(owner=OWNER, stage={})))
    weakening = only(policy, goes(ATTACHMENT, **attachment("p-one", UNIT)))
    assert (weakening.address, weakening.fault.rule) == (ATTACHMENT, "policy-weakened")
    assert weakening.what == f"a tag policy is detached from {UNIT}, which watches 2 keys"


def test_an_attachment_of_a_policy_that_the_plan_does_not_hold_counts() -> None:
    assert found(goes(ATTACHMENT, **attachment("p-far", UNIT))) == [("policy-weakened", "fail", ATTACHMENT)]
    moved = comes(f"{ATTACHMENT}_root", **attachment("p-far", ROOT))
    assert found(goes(ATTACHMENT, **attachment("p-far", UNIT)), moved) == []


def test_an_attachment_that_moves_to_an_unknown_node_is_unknown() -> None:
    policy = stays(POLICY, **values("one", tag_policy(owner=OWNER)))
    moved = comes(f"{ATTACHMENT}_new", "target_id", policy_id="p-one")
    changes = (policy, goes(ATTACHMENT, **attachment("p-one", UNIT)), moved)
    assert found(*changes) == [("policy-weakened", "unknown", ATTACHMENT)]


def test_what_is_forgotten_is_left_alone() -> None:
    policy = stays(POLICY, **values("one", tag_policy(owner=OWNER)))
    left = Change(ATTACHMENT, "aws_organizations_policy_attachment", ("forget",), attachment("p-one", UNIT), None)
    assert found(policy, left) == []


def test_a_policy_that_is_attached_nowhere_in_the_plan_is_unknown() -> None:
    changed, _ = held("one", tag_policy(owner=OWNER), tag_policy())
    assert found(changed) == [("key-unwatched", "unknown", f'{POLICY}["one"]')]
    assert found(changed, known=Known(unattached=frozenset({"p-one"}))) == []
    assert found(goes(POLICY, **values("one", tag_policy(owner=OWNER)))) == [], "AWS deletes none that is attached"


def inherited(**elements: Any) -> str:
    return json.dumps({"tags": {"owner": elements}})


def test_what_a_unit_appends_is_judged_against_the_root() -> None:
    base = held("root", tag_policy(owner=OWNER), tag_policy(owner=OWNER))
    append = inherited(tag_value={"@@append": ["c"]})
    assert [rule for rule, _, _ in found(*base, *held("unit", tag_policy(x={}), append, UNIT))] == [
        "policy-weakened",
        "key-unwatched",
    ]
    assert found(*base, *held("unit", append, inherited(tag_value={"@@append": []}), UNIT)) == []
    keep = inherited(tag_value={"@@remove": ["b"]})
    assert found(*base, *held("unit", keep, inherited(tag_value={"@@remove": []}), UNIT)) == [
        ("policy-weakened", "fail", f'{POLICY}["unit"]')
    ]


def test_what_a_unit_appends_to_what_is_not_in_the_plan_is_unknown() -> None:
    append = inherited(tag_value={"@@append": ["c"]})
    weakening = only(*held("unit", inherited(tag_value={"@@append": []}), append, UNIT))
    assert weakening.fault.because == "what the nodes above say of owner is not in the plan"


def test_the_unit_between_is_known_where_the_caller_says_so() -> None:
    root = held("root", tag_policy(owner=OWNER), tag_policy(owner=OWNER))
    wide = {**OWNER, "tag_value": ["*"]}
    unit = held("unit", tag_policy(owner=wide), tag_policy(owner=wide), UNIT)
    policy = stays(f'{POLICY}["account"]', **values("account", tag_policy(owner=OWNER)))
    detached = goes(f'{ATTACHMENT}["account"]', **attachment("p-account", ACCOUNT))
    known = Known(parents={ACCOUNT: UNIT, UNIT: ROOT})
    assert [rule for rule, _, _ in found(*root, *unit, policy, detached, known=known)] == ["policy-weakened"]
    assert found(*root, policy, detached, known=known) == [], "the root says the same"


def test_a_limit_on_policies_below_that_goes_is_a_weakening() -> None:
    def limited(*operators: str) -> str:
        control = {"@@operators_allowed_for_child_policies": list(operators)}
        return json.dumps({"tags": {"owner": {"tag_value": {"@@assign": ["a"], **control}}}})

    weakening = only(*held("one", limited("@@none"), limited("@@append")))
    assert weakening.what == f"policies below {ROOT} may change owner.tag_value with @@append now"
    assert found(*held("one", limited("@@append"), limited("@@none"))) == []
