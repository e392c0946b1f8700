"""A policy is found in an answer of the AWS CLI, with its kind and its lines, whatever wraps it."""

import json
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from harness.facts import load_facts
from harness.policy.lint import Given, PolicyKind, UnreadablePolicyError, lint, read_policy
from harness.policy.lint.wrapped import ANSWERS

DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "A", "Effect": "Deny", "Action": "iam:Nothing", "Resource": "*"}],
}
TAGS = {"tags": {"team": {"tag_key": {"@@assign": "team"}}}}
EFFECTIVE = {"tags": {"team": {"tag_key": "team"}}}
SHARED = {**DENY, "Statement": [{**DENY["Statement"][0], "Principal": "*"}]}  # type: ignore[dict-item]


def described(type_: str, content: Any) -> dict[str, Any]:
    return {"Policy": {"PolicySummary": {"Id": "p-1", "Type": type_}, "Content": json.dumps(content)}}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (described("SERVICE_CONTROL_POLICY", DENY), "scp"),
        (described("RESOURCE_CONTROL_POLICY", SHARED), "rcp"),
        (described("TAG_POLICY", TAGS), "tag"),
        ({"EffectivePolicy": {"PolicyContent": json.dumps(EFFECTIVE), "PolicyType": "TAG_POLICY"}}, "effective"),
        ({"PolicyVersion": {"Document": DENY, "VersionId": "v1"}}, "identity"),
        ({"RoleName": "r", "PolicyName": "p", "PolicyDocument": DENY}, "identity"),
        ({"Policy": json.dumps(SHARED)}, "resource"),
        ({"ARN": "a", "ResourcePolicy": json.dumps(SHARED)}, "resource"),
        ({"policyText": json.dumps(SHARED)}, "resource"),
        (json.dumps(DENY), "scp"),
    ],
)
def test_an_answer_is_read_as_the_policy_that_it_holds(answer: Any, kind: PolicyKind) -> None:
    found = read_policy("p.json", json.dumps(answer, indent=2))
    assert (found.kind, found.faults) == (kind, ())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ('{"Policy": 5}', "got Policy. Do name a file"),
        ("5", "got 5. Do name a file"),
        ('{"Policy": {"Content": 1.50}}', "got Content. Do name a file"),
    ],
)
def test_a_number_is_no_text_that_holds_a_policy(answer: str, message: str) -> None:
    with pytest.raises(UnreadablePolicyError) as caught:
        read_policy("p.json", answer)
    assert message in str(caught.value)


def test_a_number_is_shown_as_it_is_written() -> None:
    found = read_policy("p.json", '{"tags": {"a": {"tag_value": {"@@assign": [1.50, "b"]}}}}')
    assert found.faults == ('tags["a"].tag_value.@@assign: must be a list of texts; got [1.50, "b"]. Do write [...]',)


OUTPUTS = (
    ("organizations", "DescribePolicy", ("Policy", "Content")),
    ("organizations", "DescribeEffectivePolicy", ("EffectivePolicy", "PolicyContent")),
    ("iam", "GetPolicyVersion", ("PolicyVersion", "Document")),
    ("iam", "GetRolePolicy", ("PolicyDocument",)),
    ("s3", "GetBucketPolicy", ("Policy",)),
    ("kms", "GetKeyPolicy", ("Policy",)),
    ("lambda", "GetPolicy", ("Policy",)),
    ("secretsmanager", "GetResourcePolicy", ("ResourcePolicy",)),
    ("ecr", "GetRepositoryPolicy", ("policyText",)),
)


@pytest.mark.parametrize(("service", "operation", "steps"), OUTPUTS)
def test_botocore_has_each_answer(service: str, operation: str, steps: tuple[str, ...]) -> None:
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    shape = model.operation_model(operation).output_shape
    for step in steps:
        shape = shape.members[step]
    assert shape.type_name == "string"
    assert steps in {known for known, _ in ANSWERS}


def test_a_kind_that_is_given_overrides_the_answer() -> None:
    assert read_policy("p.json", json.dumps({"PolicyVersion": {"Document": DENY}}), "scp").kind == "scp"


def test_an_object_keeps_the_lines_of_its_file() -> None:
    found = read_policy("p.json", json.dumps({"PolicyVersion": {"VersionId": "v1", "Document": DENY}}, indent=1))
    assert [found.line(path) for path in ("", "Version", "Statement[0]", "Statement[0].Action")] == [4, 5, 7, 10]


def test_a_text_in_a_text_stands_on_one_line() -> None:
    content = json.dumps(DENY, indent=1)
    found = read_policy("p.json", json.dumps({"Policy": {"PolicySummary": {}, "Content": content}}, indent=1))
    assert {found.line(path) for path in ("", "Version", "Statement[0].Action")} == {4}
    assert found.text == content


def test_a_repeated_member_is_found_in_an_object() -> None:
    text = '{"PolicyDocument": {"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}}'
    assert read_policy("p.json", text).faults[0].startswith("Version: must stand once")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            described("BACKUP_POLICY", {"plans": {}}),
            r"^p\.json:7: must be a tag policy, .*; got .* type BACKUP_POLICY\. Do",
        ),
        ({"Policy": "{"}, r"^p\.json:2: must be JSON; .* Do mend the syntax"),
        ({"Policy": ""}, r"^p\.json:2: must hold a policy; got nothing\. Do"),
        ({"Policies": [{"Id": "p-1"}]}, r"^p\.json:1: must be an object with .*; got Policies\. Do name a file"),
        ({"Policy": {"PolicySummary": {}, "Content": "5"}}, r"^p\.json:4: must be an object with .*; got 5\. Do"),
    ],
)
def test_what_is_no_policy_inside_says_so(answer: Any, words: str) -> None:
    with pytest.raises(UnreadablePolicyError, match=words):
        read_policy("p.json", json.dumps(answer, indent=2))


def test_an_effective_policy_that_is_meant_to_be_one_is_no_mistake() -> None:
    answer = json.dumps({"EffectivePolicy": {"PolicyContent": json.dumps(EFFECTIVE), "PolicyType": "TAG_POLICY"}})
    read = (read_policy("a.json", answer), read_policy("b.json", json.dumps(EFFECTIVE), "effective"))
    limits = load_facts().limits
    assert [hit for each in read for hit in lint(Given((each,), limits)) if hit.rule.id == "effective-policy"] == []
