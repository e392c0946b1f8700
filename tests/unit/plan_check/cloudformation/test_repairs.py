"""Every repair for a template can be pasted, in YAML and in JSON: the finding is gone when it is read again."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from harness.plan_check.cloudformation import open_document, read_template
from harness.plan_check.judge import Judge
from harness.plan_check.model import CheckFinding
from harness.plan_check.repair.paths import is_choice, kind_of, steps_of
from harness.plan_check.wording import describe
from tests.contracts.pasting import filled_in
from tests.unit.plan_check.required import requirements

OWNER, STAGE = {"Key": "owner", "Value": "ml"}, {"Key": "stage", "Value": "dev"}
GOOD = [OWNER, STAGE]
PAIRS = [{**pair, "PropagateAtLaunch": True} for pair in GOOD]
TEMPLATE = {
    "Type": "AWS::EC2::LaunchTemplate",
    "Properties": {
        "TagSpecifications": [{"ResourceType": "launch-template", "Tags": GOOD}],
        "LaunchTemplateData": {
            "TagSpecifications": [{"ResourceType": kind, "Tags": GOOD} for kind in ("instance", "volume")]
        },
    },
}
EITHER = {"Fn::If": ["C", [OWNER], {"Ref": "AWS::NoValue"}]}
# Name -> type, properties, and the rules that they break.
CASES: Mapping[str, tuple[str, Any, set[str]]] = {
    "no_properties": ("AWS::SQS::Queue", None, {"missing-key"}),
    "no_tags": ("AWS::SQS::Queue", {"QueueName": "x"}, {"missing-key"}),
    "one_tag": ("AWS::SQS::Queue", {"Tags": [OWNER]}, {"missing-key"}),
    "map": ("AWS::SSM::Parameter", {"Tags": {"owner": "ml"}}, {"missing-key"}),
    "no_map": ("AWS::SSM::Parameter", {}, {"missing-key"}),
    "list_for_map": ("AWS::SSM::Parameter", {"Tags": GOOD}, {"malformed-tags"}),
    "map_for_list": ("AWS::SQS::Queue", {"Tags": {"owner": "ml", "stage": "dev"}}, {"malformed-tags"}),
    "null_value": (
        "AWS::SQS::Queue",
        {"Tags": [{"Key": "owner", "Value": None}, STAGE]},
        {"malformed-tags", "empty-value"},
    ),
    "slip_and_blank": ("AWS::SQS::Queue", {"Tags": [{"Key": "owner ", "Value": "  "}, STAGE]}, {"key-case"}),
    "group": ("AWS::AutoScaling::AutoScalingGroup", {"Tags": PAIRS[:1]}, {"missing-key"}),
    "template": ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"ImageId": "ami-1"}}, {"missing-key"}),
    "template_part": (
        "AWS::EC2::LaunchTemplate",
        {
            "TagSpecifications": [{"ResourceType": "launch-template", "Tags": GOOD}],
            "LaunchTemplateData": {"TagSpecifications": [{"ResourceType": "instance", "Tags": [OWNER]}]},
        },
        {"missing-key"},
    ),
    "nodes": ("AWS::EKS::Nodegroup", {"Tags": {"owner": "ml", "stage": "dev"}}, {"not-propagated"}),
    "batch": (
        "AWS::Batch::ComputeEnvironment",
        {"Tags": {"owner": "ml", "stage": "dev"}, "ComputeResources": {"Tags": {"owner": "ml"}}},
        {"missing-key"},
    ),
    "instance": ("AWS::EC2::Instance", {"Tags": GOOD}, {"not-propagated"}),
    "service": ("AWS::ECS::Service", {"Tags": GOOD, "PropagateTags": "NONE"}, {"not-propagated"}),
    "canary": ("AWS::Synthetics::Canary", {"Tags": GOOD}, {"not-propagated"}),
    "rule": ("AWS::Events::Rule", {"Tags": GOOD, "Targets": [{"EcsParameters": {"TaskCount": 1}}]}, {"not-propagated"}),
    "replica": (
        "AWS::DynamoDB::GlobalTable",
        {"Replicas": [{"Region": "eu-west-1", "Tags": GOOD}, {"Region": "eu-central-1"}]},
        {"missing-key"},
    ),
    "function": ("AWS::Serverless::Function", {"Tags": {"owner": "ml", "stage": "dev"}}, {"not-propagated"}),
    "spelled": (
        "AWS::SQS::Queue",
        {"Tags": [{"Key": "Owner", "Value": "ml"}, {"Key": "env", "Value": "Dev"}]},
        {"key-case", "deprecated-key", "value-case"},
    ),
    "twice": ("AWS::SQS::Queue", {"Tags": [OWNER, OWNER, STAGE]}, {"duplicate-key"}),
    "prohibited": ("AWS::SQS::Queue", {"Tags": [*GOOD, {"Key": "password", "Value": "x"}]}, {"prohibited-key"}),
    "wrong": ("AWS::SQS::Queue", {"Tags": [OWNER, {"Key": "stage", "Value": "live"}]}, {"wrong-value"}),
    "value_later": (
        "AWS::SQS::Queue",
        {"Tags": [OWNER, {"Key": "stage", "Value": {"Ref": "Free"}}]},
        {"unknown-value"},
    ),
    "either": ("AWS::SQS::Queue", {"Tags": EITHER}, {"missing-key", "unknown-key"}),
}


def checked(content: bytes, name: str) -> list[CheckFinding]:
    source = read_template(content, name)
    judge = Judge(requirements())
    return [one for each in source.resources for one in describe(source, each, judge.faults(each))]


def dumped(template: Any, syntax: str) -> bytes:
    return (json.dumps(template, indent=2) if syntax == "json" else yaml.safe_dump(template, sort_keys=False)).encode()


def fragment(text: str, syntax: str) -> Any:
    """What the lines of a repair are, read as its reader's file would be."""
    text = filled_in(text)
    if syntax == "yaml":
        return open_document(text.encode(), "repair.yaml").data
    is_list = text.startswith("{")
    return json.loads(f"[{text}]" if is_list else f"{{{text}}}")


def held_at(held: Any, path: str) -> Iterator[Any]:
    """Each list or map that a path leads to, through both values of Fn::If."""
    for step in steps_of(path):
        if is_choice(step):
            kind = kind_of(step)
            held = next(one for one in held if one["ResourceType"] == kind) if kind else held[int(step[1:-1])]
        else:
            held = held[step]
    yield from held["Fn::If"][1:] if isinstance(held, dict) and "Fn::If" in held else [held]


def merged(held: Any, new: Any, without: list[str]) -> None:
    if isinstance(held, list):
        held[:] = [one for one in held if one.get("Key") not in without] + new
    else:
        for key in without:
            held.pop(key, None)
        held.update(new)


def paste(template: dict[str, Any], finding: CheckFinding) -> None:
    at, address = finding.repair_at, finding.address
    new = fragment(finding.repair, finding.syntax) if finding.repair else None
    body = template["Resources"][address]
    properties = body.setdefault("Properties", {})
    keys = re.findall(r'"([^"]*)"', at)
    if at.startswith("remove one of the tags"):
        path = at.partition(" from ")[2].partition(" of ")[0]
        del properties["Tags"][int(path.removeprefix("Tags[").rstrip("]"))]
    elif at.startswith("remove "):
        merged(next(held_at(properties, at.partition(" from ")[2].partition(" of ")[0])), [], keys)
    elif at.startswith("in place of Tags["):
        properties["Tags"][int(at.partition("[")[2].partition("]")[0])] = new[0]
    elif at.startswith("in place of "):
        properties.update(new)
    elif at.startswith("inside each list that "):
        lists = [[] if one == {"Ref": "AWS::NoValue"} else one for one in properties["Tags"]["Fn::If"][1:]]
        lacking = [[one for one in new if one["Key"] not in {tag["Key"] for tag in held}] for held in lists]
        properties["Tags"]["Fn::If"][1:] = [held + more for held, more in zip(lists, lacking, strict=True)]
    elif at.startswith("inside "):
        merged(next(held_at(properties, at.removeprefix("inside ").partition(" of ")[0])), new, keys)
    else:
        found = re.fullmatch(rf"in (.*) of {address}(, in place of \w+)?", at)
        assert found, at
        held = properties if found[1] == "Properties" else next(held_at(properties, found[1]))
        merged(held, new, [])


@pytest.mark.parametrize("syntax", ["yaml", "json"])
@pytest.mark.parametrize("name", CASES)
def test_a_repair_that_is_pasted_mends_the_finding(name: str, syntax: str) -> None:
    kind, properties, rules = CASES[name]
    body = {"Type": kind} if properties is None else {"Type": kind, "Properties": properties}
    address = name.replace("_", "")
    template = json.loads(
        json.dumps(
            {
                "Parameters": {"Free": {"Type": "String"}},
                "Conditions": {"C": {"Fn::Equals": [{"Ref": "Free"}, "x"]}},
                "Resources": {address: body, "Template": TEMPLATE},
            }
        )
    )
    findings = checked(dumped(template, syntax), f"t.{syntax}")
    assert {one.fault.rule for one in findings} == rules
    assert {one.syntax for one in findings} == {syntax}
    for finding in {(one.repair, one.repair_at): one for one in findings}.values():
        paste(template, finding)
    assert checked(dumped(template, syntax), f"t.{syntax}") == []
