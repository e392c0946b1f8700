"""What the rules on statements say beyond one case each, and where they are silent for a reason."""

import json
from typing import Any

import pytest

from harness.facts import load_facts
from harness.policy.lint import Given, lint, read_policy

from .found import EXEMPT, VOLUME, found, null


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"Null": {"aws:RequestTag/A": "true", "aws:RequestTag/B": "true"}}, 1),
        ({"Null": {"aws:RequestTag/A": "true", "aws:RequestTag/B": "false"}}, 0),
        ({"Null": {"aws:RequestTag/A": "true", "aws:PrincipalTag/B": "true"}}, 0),
    ],
)
def test_a_null_block_counts_demands_on_the_request_alone(condition: Any, count: int) -> None:
    statement = {"Action": "ec2:CreateVolume", "Resource": VOLUME, "Condition": condition}
    assert len(found("null-block-of-several-keys", statement)) == count


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"StringNotEquals": {"aws:RequestTag/A": "x"}, "Null": {"aws:RequestTag/B": "true"}}, 1),
        ({"ForAllValues:StringNotEquals": {"aws:TagKeys": ["A", "B"]}}, 1),
        ({"ForAllValues:StringNotEquals": {"aws:TagKeys": ["A"]}}, 0),
        ({"StringNotEquals": {"aws:RequestTag/A": "x"}, "Null": {"aws:RequestTag/a": "true"}}, 0),
        ({"StringNotEquals": {"aws:RequestTag/A": "x", "aws:PrincipalArn": "arn:aws:iam::1:role/x"}}, 0),
    ],
)
def test_several_demands_in_one_deny_are_counted_by_key(condition: Any, count: int) -> None:
    statement = {"Action": "ec2:CreateVolume", "Resource": VOLUME, "Condition": condition}
    assert len(found("deny-of-several-keys", statement)) == count


def test_a_wrong_quantifier_on_removal_says_what_passes() -> None:
    (lint_,) = found(
        "deny-for-all-values",
        {"Action": "ec2:DeleteTags", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["Owner"]}}},
    )
    assert "one more key, and it passes" in lint_.why
    assert 'Do write "ForAnyValue:StringEquals"' in lint_.repair


@pytest.mark.parametrize(
    "statement",
    [
        # Only where every action takes tags does a guard not forbid the others.
        {"Action": "secretsmanager:*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}},
        {
            "Action": "ec2:CreateVolume",
            "Condition": {
                "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
                "StringEquals": {"aws:RequestTag/team": "ml"},
            },
        },
    ],
)
def test_an_allow_that_is_guarded_or_cannot_be_is_left_alone(statement: Any) -> None:
    assert found("allow-for-all-values", {"Effect": "Allow", **statement}, kind="identity") == []


@pytest.mark.parametrize(
    ("key", "value", "count"),
    [
        ("aws:PrincipalArn", "arn:aws:iam::*:role/ops", 1),
        ("aws:TagKeys", "dp:*", 1),
        ("aws:RequestTag/a", "${aws:PrincipalTag/b}", 0),
        ("aws:RequestTag/a", "${*}", 0),
        ("s3:prefix", "*", 0),
    ],
)
def test_a_star_is_a_mistake_where_no_value_has_one(key: str, value: str, count: int) -> None:
    operator = "ForAnyValue:StringEquals" if key == "aws:TagKeys" else "StringNotEquals"
    statement = {"Action": "s3:CreateBucket", "Condition": {operator: {key: value}}}
    assert len(found("wildcard-in-string-equals", statement)) == count


@pytest.mark.parametrize(
    ("statements", "count"),
    [
        ([{"Action": "iam:UntagRole", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}}}], 0),
        ([{"Action": "iam:TagRole", "Condition": {"ForAnyValue:StringLike": {"aws:TagKeys": ["dp:*"]}}}], 1),
        ([{"Action": "iam:TagRole", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["T", "t"]}}}], 0),
        (
            [
                {"Action": "iam:TagRole", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}}},
                {"Action": "iam:TagRole", "Condition": {**null("Team", "false"), **EXEMPT}},
            ],
            0,
        ),
    ],
)
def test_capitals_are_open_only_where_tags_are_set(statements: Any, count: int) -> None:
    assert len(found("tag-keys-case-bypass", *statements)) == count


@pytest.mark.parametrize(
    "removal",
    [
        {"Action": "ec2:DeleteTags", "Condition": {"ForAnyValue:StringLike": {"aws:TagKeys": ["own*"]}}},
        {"Action": "ec2:DeleteTags", "Condition": EXEMPT},
        {"Action": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["Owner"]}}},
        {"Action": "ec2:DeleteTags", "Condition": null("Owner", "false")},
    ],
)
def test_removal_may_be_denied_in_several_ways(removal: Any) -> None:
    demand = {"Action": "ec2:CreateVolume", "Resource": VOLUME, "Condition": null("Owner")}
    assert found("removal-not-denied", demand, removal) == []


def test_another_policy_at_the_same_node_may_deny_the_removal() -> None:
    def policy(name: str, action: str, condition: Any) -> Any:
        body = {"Sid": "A", "Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition}
        return read_policy(name, json.dumps({"Version": "2012-10-17", "Statement": [body]}))

    two = (
        policy("a.json", "rds:CreateDBInstance", null("Owner")),
        policy("b.json", "rds:RemoveTagsFromResource", {"ForAnyValue:StringEquals": {"aws:TagKeys": ["Owner"]}}),
    )
    for together, expected in ((True, []), (False, ["a.json"])):
        hits = lint(Given(two, load_facts().limits, same_target=together))
        assert [hit.policy.name for hit in hits if hit.rule.id == "removal-not-denied"] == expected


@pytest.mark.parametrize(
    ("action", "repair"),
    [
        ("ec2:RunInstance", 'Do write "ec2:RunInstances", if that is meant'),
        ("ecc2:RunInstances", 'Do write "ec2:RunInstances", if that is meant'),
        ("zzzz:Do", 'Do name a service of AWS instead of "zzzz", or remove it'),
        ("ec2:Zzzz", "Do name an action of ec2, or remove it"),
    ],
)
def test_an_unknown_action_names_the_nearest(action: str, repair: str) -> None:
    assert [each.repair for each in found("unknown-action", {"Action": action})] == [repair]


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ("AWS:requesttag/Owner", 0),
        ("aws:PrincipalARN", 0),
        ("aws:RequestTag", 0),
        ("aws:SomethingNew", 0),
        ("token.actions.githubusercontent.com:sub", 0),
        ("ec2:SourceInstanceARN", 0),
        ("aws:ResourceTags/Owner", 1),
        ("ec2:ResourceTagg/Owner", 1),
    ],
)
def test_a_condition_key_is_doubted_only_where_a_like_one_is_known(key: str, count: int) -> None:
    statement = {"Action": "ec2:CreateVolume", "Resource": VOLUME, "Condition": {"StringEquals": {key: "x"}}}
    assert len(found("unknown-condition-key", statement)) == count


@pytest.mark.parametrize(
    ("action", "condition", "words"),
    [
        ("ec2:TerminateInstances", {"StringNotEquals": {"ec2:CreateAction": "x"}}, "the condition always holds"),
        ("iam:UntagRole", {"StringEquals": {"aws:RequestTag/a": "x"}}, "the statement never applies"),
        ("s3:PutObject", {"StringEquals": {"kms:ViaService": "x"}}, "the statement never applies"),
    ],
)
def test_a_key_that_an_action_has_not_says_what_follows(action: str, condition: Any, words: str) -> None:
    (lint_,) = found("condition-key-not-of-action", {"Action": action, "Condition": {**condition, **EXEMPT}})
    assert words in lint_.why


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("ec2:TerminateInstances", {"StringNotEqualsIfExists": {"ec2:CreateAction": "x"}}),
        ("*", {"StringEquals": {"ec2:CreateAction": "x"}}),
        ("sagemaker:CreateEndpoint", {"StringEquals": {"aws:ResourceTag/a": "x"}}),
        ("s3:PutObject", {"StringEquals": {"aws:SourceVpc": "x"}}),
    ],
)
def test_a_key_is_no_fault_where_it_is_optional_or_may_be_there(action: str, condition: Any) -> None:
    assert found("condition-key-not-of-action", {"Action": action, "Condition": condition}) == []


@pytest.mark.parametrize(
    ("wider", "narrower", "count"),
    [
        ({"Action": "iam:*"}, {"Action": "iam:CreateUser"}, 1),
        ({"Action": "iam:CreateUser"}, {"Action": "iam:*"}, 1),
        ({"Action": "iam:CreateUser"}, {"Action": "iam:CreateUser"}, 1),
        ({"Action": "iam:*", "Condition": EXEMPT}, {"Action": "iam:CreateUser"}, 0),
        ({"Action": "iam:*", "Condition": EXEMPT}, {"Action": "iam:CreateUser", "Condition": EXEMPT}, 1),
        ({"Action": "iam:*"}, {"Effect": "Allow", "Action": "iam:CreateUser"}, 0),
        ({"Action": "iam:*", "Resource": "arn:aws:iam::*:user/a*"}, {"Action": "iam:CreateUser"}, 0),
    ],
)
def test_a_statement_is_repeated_where_another_covers_it(wider: Any, narrower: Any, count: int) -> None:
    assert len(found("repeated-statement", wider, narrower)) == count


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"Null": {"aws:RequestTag/a": ["true", "false"]}}, "hold for every request"),
        ({"Null": {"aws:RequestTag/a": "false"}}, "creates with the tag are denied"),
    ],
)
def test_a_null_block_says_what_it_does(condition: Any, words: str) -> None:
    statement = {"Action": "ec2:CreateVolume", "Resource": VOLUME, "Condition": condition}
    assert any(words in each.why for each in found("null-inverted", statement))


def test_a_tag_that_only_some_may_set_is_no_inverted_demand() -> None:
    condition = {**null("team", "false"), **EXEMPT}
    statement = {"Action": "ec2:CreateVolume", "Resource": VOLUME, "Condition": condition}
    assert found("null-inverted", statement) == []


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ssm:SendCommand", "arn:aws:ssm:*::document/AWS-RunShellScript"),
        ("ssm:StartAutomationExecution", "arn:aws:ssm:*::automation-definition/AWS-StopRdsInstance:*"),
        ("ssm:GetParameter", "arn:aws:ssm:*::parameter/aws/service/ami-amazon-linux-latest/*"),
        ("apigateway:GET", "arn:aws:apigateway:*::/restapis/*/stages/*"),
        ("apigateway:GET", "arn:aws:apigateway:*::/apis/*/stages/*"),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*"),
    ],
)
def test_a_resource_is_known_where_it_is_awss_own_or_has_two_arns(action: str, resource: str) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    assert found("resource-not-of-action", statement, kind="identity") == []
    both = {**statement, "Action": [action, "s3:GetBucketLocation"], "Resource": [resource, "arn:aws:s3:::*"]}
    assert found("action-not-of-resource", both, kind="identity") == []


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ec2:TerminateInstances", "arn:aws:ec2:*::instance/*"),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::logs"),
        ("apigateway:GET", "arn:aws:apigateway:*::/nothing"),
    ],
)
def test_a_resource_of_none_of_these_forms_is_foreign(action: str, resource: str) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    assert len(found("resource-not-of-action", statement, kind="identity")) == 1


@pytest.mark.parametrize(
    ("key", "action", "count"),
    [
        ("kms:EncryptionContext:aws:s3:arn", "kms:Decrypt", 0),
        ("kms:EncryptionContext:SecretARN", "kms:ListKeys", 1),
        ("s3:ExistingObjectTag/team", "s3:GetObject", 0),
    ],
)
def test_a_key_that_anybody_names_a_part_of_is_known(key: str, action: str, count: int) -> None:
    statement = {"Effect": "Allow", "Action": action, "Condition": {"StringEquals": {key: "x"}}}
    assert len(found("condition-key-not-of-action", statement, kind="identity")) == count


def test_the_value_of_null_is_no_tag_key() -> None:
    statement = {"Action": "sagemaker:DeleteDomain", "Condition": {"Null": {"aws:TagKeys": "false"}}}
    (lint_,) = found("condition-key-not-of-action", statement)
    assert lint_.repair == "Do ask for the tags of the resource: aws:ResourceTag/Owner"


def test_a_demand_beside_the_tags_of_a_resource_does_not_deny_every_call() -> None:
    owner = {"aws:RequestTag/owner": "${aws:SourceIdentity}", "aws:ResourceTag/owner": "${aws:SourceIdentity}"}
    statement = {"Action": ["glue:CreateSession", "glue:GetSession"], "Condition": {"StringNotEquals": owner}}
    assert found("untaggable-action-denied", statement) == []


@pytest.mark.parametrize(
    ("statements", "sid"),
    [
        (({"Sid": "", "Action": "iam:CreateUser"},), "DenyIamCreateUser"),
        (({"Sid": "", "NotAction": ["iam:*", "sts:*"]},), "DenyAllButIam"),
        (({"Sid": "", "Action": "*"},), "DenyAll"),
        (
            ({"Sid": "DenyEc2RunInstances", "Action": "s3:*"}, {"Sid": "", "Action": "ec2:RunInstances"}),
            "DenyEc2RunInstances2",
        ),
    ],
)
def test_a_sid_says_what_its_statement_does_and_is_free(statements: tuple[Any, ...], sid: str) -> None:
    (lint_,) = found("statement-without-sid", *statements)
    assert lint_.repair == f'Do name it: "Sid": "{sid}"'


@pytest.mark.parametrize(("action", "whole"), [("ec2:CreateVolume", True), ("sagemaker:CreateModel", False)])
def test_a_removal_that_names_no_key_is_denied_where_it_takes_all(action: str, whole: bool) -> None:  # noqa: FBT001
    (lint_,) = found("removal-not-denied", {"Action": action, "Condition": null("Owner")})
    more = 'one of ["ec2:DeleteTags"] with "Condition": {"Null": {"aws:TagKeys": "true"}}'
    assert (more in lint_.repair) is whole
