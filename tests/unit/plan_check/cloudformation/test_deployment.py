"""The parameters and tags of a deployment, and what a stack's tags reach."""

import pytest

from harness.errors import InputError
from harness.plan_check.cloudformation import Deployment, pairs, read_deployment, with_stack_tags
from harness.plan_check.model import UNKNOWN, Resource
from tests.unit.plan_check.cloudformation.templates import read


def tagged(resources: str, tags: dict[str, str]) -> list[Resource]:
    made, found = read(resources)
    made.resources = found
    return list(with_stack_tags(made, tags).resources)


def test_stack_tags_are_below_a_resources_own() -> None:
    (found,) = tagged("A: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: a, Value: own}]}}", {"a": "s", "b": "s"})
    assert found.sets[0].tags == {"a": "own", "b": "s"}
    assert found.sets[0].own == {"a": "own"}


@pytest.mark.parametrize(
    ("kind", "properties", "reached"),
    [
        ("AWS::S3::Bucket", "{}", {"Tags"}),
        ("AWS::AutoScaling::AutoScalingGroup", "{}", {"Tags", "Tags[PropagateAtLaunch]"}),
        ("AWS::EC2::LaunchTemplate", "{}", set()),
        ("AWS::EC2::CapacityReservation", "{}", {"TagSpecifications[capacity-reservation].Tags"}),
        ("AWS::DynamoDB::GlobalTable", "{Replicas: [{Region: a}]}", set()),
    ],
)
def test_stack_tags_reach_what_cloudformation_gives_them_to(kind: str, properties: str, reached: set[str]) -> None:
    (found,) = tagged(f"A: {{Type: '{kind}', Properties: {properties}}}", {"b": "s"})
    assert {held.path for held in found.sets if held.tags == {"b": "s"}} == reached


def test_a_key_that_the_resource_may_have_too_is_there_but_its_value_unknown() -> None:
    tags = "[!If [IsEast, {Key: a, Value: own}, !Ref AWS::NoValue]]"
    (found,) = tagged(f"A: {{Type: AWS::S3::Bucket, Properties: {{Tags: {tags}}}}}", {"a": "s", "b": "s"})
    assert found.sets[0].tags == {"a": UNKNOWN, "b": "s"}
    assert (found.sets[0].more, found.sets[0].may_come) == ("", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"Parameters": {"P": "x", "N": 1}, "Tags": {"T": "y"}}', Deployment({"P": "x", "N": "1"}, {"T": "y"})),
        ("Parameters: {P: true}", Deployment({"P": "true"}, {})),
        ('[{"ParameterKey": "P", "ParameterValue": "x"}]', Deployment({"P": "x"}, {})),
        ('[{"ParameterKey": "P", "UsePreviousValue": true}]', Deployment({}, {})),
        ('[{"Key": "T", "Value": "y"}]', Deployment({}, {"T": "y"})),
        ('["T=y=z"]', Deployment({}, {"T": "y=z"})),
    ],
)
def test_the_files_of_the_cli_and_of_codepipeline_are_read(text: str, expected: Deployment) -> None:
    assert read_deployment(text.encode(), "t.json", "Tags") == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "must hold Parameters or Tags"),
        ("a", "must hold Parameters or Tags"),
        ('{"Tags": []}', "Tags: must be a mapping"),
        ('{"Tags": null}', "Tags: must be a mapping"),
        ('{"Tags": ["a"]}', "Tags: must be a mapping"),
        ('{"Tags": {"a": null}}', "Tags.a: must be text"),
        ('[{"Key": "T", "Value": {}}]', r"\[0\].Value: must be text"),
        ("[{}]", r"\[0\]: must be an object with ParameterKey"),
        ('["a"]', 'must be KEY=VALUE; got "a"'),
    ],
)
def test_other_files_are_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_deployment(text.encode(), "t.json", "Tags")


def test_pairs_name_each_key_once() -> None:
    assert pairs(["a=b", "c=", "d=e=f"], "--stack-tags") == {"a": "b", "c": "", "d": "e=f"}
    with pytest.raises(InputError, match='--stack-tags: must name each key once; got "a" twice'):
        pairs(["a=b", "a=c"], "--stack-tags")
    with pytest.raises(InputError, match='must be KEY=VALUE; got "=b"'):
        pairs(["=b"], "--stack-tags")
