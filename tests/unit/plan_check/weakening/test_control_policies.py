"""Control policies: what is denied at a node and above it before and after a plan."""

from typing import Any

import pytest

from harness.plan_check.weakening import Change
from tests.unit.plan_check.weakening.changes import (
    ROOT,
    UNIT,
    attachment,
    becomes,
    change,
    deny,
    document,
    found,
    goes,
    only,
    stays,
)

POLICY, ATTACHMENT = "aws_organizations_policy.this", "aws_organizations_policy_attachment.this"
EXEMPT = {"aws:PrincipalArn": ["arn:*:iam::*:role/ci"]}
MORE = {"aws:PrincipalArn": ["arn:*:iam::*:role/ci", "arn:*:iam::*:role/x"]}
STAGE = {"aws:RequestTag/stage": ["dev", "prod"]}


def values(name: str, *statements: Any, kind: str = "SERVICE_CONTROL_POLICY") -> dict[str, Any]:
    return {"id": f"p-{name}", "name": name, "type": kind, "content": document(*statements)}


def scp(before: Any, after: Any, name: str = "one", target: str = ROOT) -> tuple[Change, Change]:
    """A policy of one or more statements that is attached before and after."""
    old, new = (list(each) if isinstance(each, tuple) else [each] for each in (before, after))
    changed = becomes(f"{POLICY}_{name}", values(name, *old), content=document(*new))
    return changed, stays(f"{ATTACHMENT}_{name}", **attachment(f"p-{name}", target))


LOOSER = {
    "gone": (deny("s3:*"), deny("ec2:*"), "policy-weakened"),
    "an action less": (deny("s3:Put*", "ec2:Run*"), deny("s3:Put*"), "policy-weakened"),
    "a narrower action": (deny("s3:*"), deny("s3:Put*"), "policy-weakened"),
    "a resource less": (
        deny("s3:*", resource=["arn:aws:s3:::a", "arn:aws:s3:::b"]),
        deny("s3:*", resource=["arn:aws:s3:::a"]),
        "policy-weakened",
    ),
    "a condition more": (deny("s3:*"), deny("s3:*", Bool={"aws:SecureTransport": "false"}), "policy-weakened"),
    "a value more that passes": (
        deny("s3:*", StringNotLike=STAGE),
        deny("s3:*", StringNotLike={"aws:RequestTag/stage": ["dev", "prod", "x*"]}),
        "policy-weakened",
    ),
    "a value less that is denied": (
        deny("s3:*", StringEquals=STAGE),
        deny("s3:*", StringEquals={"aws:RequestTag/stage": ["dev"]}),
        "policy-weakened",
    ),
    "a principal more": (deny("s3:*", ArnNotLike=EXEMPT), deny("s3:*", ArnNotLike=MORE), "exemption-widened"),
    "a first principal": (deny("s3:*"), deny("s3:*", ArnNotLike=EXEMPT), "exemption-widened"),
    "an account that is exempt": (
        deny("s3:*"),
        deny("s3:*", StringNotEquals={"aws:PrincipalAccount": "111122223333"}),
        "exemption-widened",
    ),
    "an action that is left out": (
        {"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"},
        {"Effect": "Deny", "NotAction": ["iam:*", "s3:*"], "Resource": "*"},
        "policy-weakened",
    ),
    "keys no more": (
        deny("s3:*", **{"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}),
        deny("s3:*", **{"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}),
        "policy-weakened",
    ),
}

AS_STRICT = {
    "the same": (deny("s3:*", sid="A"), deny("s3:*", sid="B")),
    "an action more": (deny("s3:Put*"), deny("s3:*")),
    "all of them": (deny("s3:Put*", "ec2:Run*"), deny("*")),
    "cut by action": (deny("s3:Put*", "ec2:Run*"), (deny("s3:Put*"), deny("ec2:Run*"))),
    "cut by resource": (
        deny("s3:*", resource=["arn:aws:s3:::a", "arn:aws:s3:::b"]),
        (deny("s3:*", resource="arn:aws:s3:::a"), deny("s3:*", resource="arn:aws:s3:::b*")),
    ),
    "cut by value": (
        deny("s3:*", StringEquals=STAGE),
        tuple(deny("s3:*", StringEquals={"aws:RequestTag/stage": each}) for each in ("dev", "prod")),
    ),
    "written out": (deny("sqs:Untag*"), deny("sqs:UntagQueue")),
    "a condition less": (deny("s3:*", StringNotLike=STAGE, ArnNotLike=EXEMPT), deny("s3:*", ArnNotLike=EXEMPT)),
    "a principal less": (deny("s3:*", ArnNotLike=MORE), deny("s3:*", ArnNotLike=EXEMPT)),
    "Equals for Like": (deny("s3:*", ArnNotEquals=EXEMPT), deny("s3:*", ArnNotLike=EXEMPT)),
    "a value in a pattern": (
        deny("s3:*", StringEquals=STAGE),
        deny("s3:*", StringLike={"aws:RequestTag/stage": ["*"]}),
    ),
    "all but some": (deny("s3:*"), {"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"}),
}

UNKNOWN = {
    "another operator": (
        deny("s3:*", StringNotEquals=STAGE),
        deny("s3:*", StringNotEqualsIgnoreCase={"aws:RequestTag/stage": ["dev", "prod"]}),
    ),
    "a range of addresses": (
        deny("s3:*", NotIpAddress={"aws:SourceIp": "10.0.0.0/16"}),
        deny("s3:*", NotIpAddress={"aws:SourceIp": "10.0.0.0/8"}),
    ),
    "a variable": (
        deny("s3:*", StringNotEquals={"aws:RequestTag/stage": "${aws:PrincipalTag/stage}"}),
        deny("s3:*", StringNotEquals={"aws:RequestTag/stage": "${aws:PrincipalTag/other}"}),
    ),
    "actions against all but some": (
        {"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"},
        deny("s3:*", "ec2:*"),
    ),
}


@pytest.mark.parametrize("case", LOOSER)
def test_a_statement_that_denies_less_is_a_weakening(case: str) -> None:
    before, after, rule = LOOSER[case]
    assert found(*scp(before, after)) == [(rule, "fail", f"{POLICY}_one")]


@pytest.mark.parametrize("case", AS_STRICT)
def test_a_statement_that_denies_as_much_is_none(case: str) -> None:
    assert found(*scp(*AS_STRICT[case])) == []


@pytest.mark.parametrize("case", UNKNOWN)
def test_a_difference_that_cannot_be_judged_is_unknown(case: str) -> None:
    assert found(*scp(*UNKNOWN[case])) == [("policy-weakened", "unknown", f"{POLICY}_one")]


def test_the_words_name_statement_node_and_difference() -> None:
    weakening = only(*scp(deny("s3:Put*", sid="Tags", ArnNotLike=EXEMPT), deny("s3:Put*", sid="Tags", ArnNotLike=MORE)))
    assert weakening.what == (
        f'statement Tags at {ROOT} denies less: ArnNotLike aws:PrincipalArn leaves out "arn:*:iam::*:role/x" too, '
        "for s3:put*"
    )
    assert weakening.must_hold() == "must exempt nobody and nothing more"


def test_a_statement_that_moves_to_another_policy_of_the_node_or_above_denies_on() -> None:
    one, two = deny("s3:*"), deny("ec2:*")
    assert found(*scp((one, two), one), *scp(deny("sqs:*"), (deny("sqs:*"), two), "two")) == []
    assert found(*scp((one, two), one, target=UNIT), *scp(deny("sqs:*"), (deny("sqs:*"), two), "two")) == []
    moved_down = (*scp((one, two), one), *scp(deny("sqs:*"), (deny("sqs:*"), two), "two", UNIT))
    assert found(*moved_down) == [("policy-weakened", "fail", f"{POLICY}_one")]


def test_an_attachment_that_goes_is_named_once_and_one_made_anew_not_at_all() -> None:
    policy = stays(POLICY, **values("one", deny("s3:*"), deny("ec2:*")))
    weakening = only(policy, goes(ATTACHMENT, **attachment("p-one", UNIT)))
    assert weakening.address == ATTACHMENT
    assert "detached from ou-abcd-11111111, and 2 statements of it deny nothing there any more" in weakening.what
    before, after = values("one", deny("s3:*")), {"name": "two", "content": document(deny("s3:*"))}
    anew = change(POLICY, before, after, {"id": True}, actions=("create", "delete"))
    held = attachment("p-one", ROOT)
    attached = change(ATTACHMENT, held, {"target_id": ROOT}, {"policy_id": True}, actions=("delete", "create"))
    assert found(anew, attached) == []


def test_a_text_known_only_after_apply_is_unknown() -> None:
    changed = becomes(POLICY, values("one", deny("s3:*")), "content")
    assert found(changed, stays(ATTACHMENT, **attachment("p-one", ROOT))) == [("policy-weakened", "unknown", POLICY)]


def test_a_resource_control_policy_is_judged_too() -> None:
    def rcp(action: str) -> dict[str, Any]:
        return values("one", {**deny(action), "Principal": "*"}, kind="RESOURCE_CONTROL_POLICY")

    changed = becomes(POLICY, rcp("s3:*"), content=rcp("s3:Get*")["content"])
    assert found(changed, stays(ATTACHMENT, **attachment("p-one", ROOT))) == [("policy-weakened", "fail", POLICY)]


def test_a_list_of_what_is_allowed_that_grows_is_unknown() -> None:
    def allow(*names: str) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": list(names), "Resource": "*"}

    assert found(*scp(allow("s3:*"), allow("s3:*", "ec2:*"))) == [("policy-weakened", "unknown", f"{POLICY}_one")]
    assert found(*scp(allow("s3:*", "ec2:*"), allow("s3:*"))) == []
    everything = stays(f"{ATTACHMENT}_all", **attachment("p-FullAWSAccess", ROOT))
    assert found(*scp(allow("s3:*"), allow("s3:*", "ec2:*")), everything) == []


def test_a_policy_type_or_trusted_service_that_goes_is_a_weakening() -> None:
    organization = "aws_organizations_organization.this"
    held = {
        "enabled_policy_types": ["TAG_POLICY", "SERVICE_CONTROL_POLICY", "BACKUP_POLICY"],
        "aws_service_access_principals": ["config.amazonaws.com", "ram.amazonaws.com"],
    }
    less = becomes(organization, held, enabled_policy_types=["TAG_POLICY"], aws_service_access_principals=[])
    assert found(less) == [("policy-weakened", "fail", organization)] * 2
    assert found(becomes(organization, held, enabled_policy_types=["TAG_POLICY", "SERVICE_CONTROL_POLICY"])) == []
    unknown = becomes(organization, held, "enabled_policy_types")
    assert found(unknown) == [("policy-weakened", "unknown", organization)]
