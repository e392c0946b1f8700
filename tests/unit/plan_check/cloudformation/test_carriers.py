"""What resources make or hold that is tagged on its own, and the settings that let tags through."""

import json
from importlib.resources import files
from typing import Any

import pytest

from harness.plan_check.cloudformation.carriers import Carrier, carriers
from harness.plan_check.model import Gap, Resource, TagSet
from harness.type_facts import cloudformation_type
from tests.unit.plan_check.cloudformation.templates import read

ROWS = [row for rows in carriers().values() for row in rows]
TAG = "[{Key: a, Value: b}]"


def one(kind: str, properties: str, rest: str = "") -> Resource:
    _, found = read(f"A:\n  Type: {kind}\n  Properties: {properties}\n{rest}")
    return found[0]


def below(found: Resource) -> dict[str, TagSet]:
    return {held.path: held for held in found.sets}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.type} {row.path}")
def test_a_row_names_a_property_that_the_type_has(row: Carrier) -> None:
    assert cloudformation_type(row.type) is not None
    assert row.source.startswith("docs.aws.amazon.com/")
    assert (row.kind == "flag") == bool(row.wanted)
    assert row.kind in ("map", "list", "pairs", "launch", "flag")
    short = row.type.lower().replace("::", "-")
    schema = files("cfnlint") / "data" / "schemas" / "resources" / f"{short.replace('-', '_')}.json"
    names = [name for name, _ in row.parts()]
    assert names[0] in _properties(schema, row.type), names[0]


def _properties(file: Any, kind: str) -> Any:
    folder = files("cfnlint") / "data" / "schemas" / "resources"
    for one_file in [file] if file.is_file() else folder.iterdir():
        if one_file.name.endswith(".json") and f'"{kind}"' in (text := one_file.read_text(encoding="utf-8")):
            schema = json.loads(text)
            if schema["typeName"] == kind:
                return schema["properties"]
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "properties", "gap"),
    [
        ("AWS::ECS::Service", "{}", Gap("PropagateTags", "NONE", ("SERVICE", "TASK_DEFINITION"), "each task")),
        (
            "AWS::ECS::Service",
            "{PropagateTags: !If [IsEast, SERVICE, NONE]}",
            Gap("PropagateTags", "NONE", ("SERVICE", "TASK_DEFINITION"), "each task", unknown=True),
        ),
        (
            "AWS::ECS::Service",
            "{PropagateTags: !Ref Free}",
            Gap("PropagateTags", "", ("SERVICE", "TASK_DEFINITION"), "each task", unknown=True),
        ),
        (
            "AWS::EC2::Instance",
            "{PropagateTagsToVolumeOnCreation: false}",
            Gap(
                "PropagateTagsToVolumeOnCreation",
                "false",
                ("true",),
                "each volume that is created with the instance",
            ),
        ),
        (
            "AWS::EC2::Instance",
            "{LaunchTemplate: {LaunchTemplateId: x}}",
            Gap(
                "PropagateTagsToVolumeOnCreation",
                "false",
                ("true",),
                "each volume that is created with the instance",
                unknown=True,
            ),
        ),
        (
            "AWS::Events::Rule",
            "{Targets: [{Arn: x}, {EcsParameters: {}}]}",
            Gap("Targets[1].EcsParameters.PropagateTags", "not set", ("TASK_DEFINITION",), "each task"),
        ),
        (
            "AWS::SageMaker::Domain",
            "{TagPropagation: DISABLED}",
            Gap(
                "TagPropagation",
                "DISABLED",
                ("ENABLED",),
                "the apps, jobs and endpoints that people start from the domain",
            ),
        ),
        (
            "AWS::Lambda::CapacityProvider",
            "{}",
            Gap("PropagateTags.Mode", "None", ("Explicit",), "each managed instance, volume and network interface"),
        ),
        (
            "AWS::EKS::Nodegroup",
            "{}",
            Gap("LaunchTemplate", "not set", ("a launch template with TagSpecifications for instances",), "each node"),
        ),
    ],
)
def test_a_setting_that_holds_tags_back_is_a_gap(kind: str, properties: str, gap: Gap) -> None:
    assert one(kind, properties).gaps == (gap,)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ECS::Service", "{PropagateTags: TASK_DEFINITION}"),
        ("AWS::ECS::Service", "{PropagateTags: !If [IsEast, SERVICE, TASK_DEFINITION]}"),
        ("AWS::EC2::Instance", "{PropagateTagsToVolumeOnCreation: true}"),
        ("AWS::Batch::JobDefinition", '{PropagateTags: "true"}'),
        ("AWS::Events::Rule", "{Targets: [{Arn: x}]}"),
        ("AWS::Events::Rule", f"{{Targets: [{{EcsParameters: {{TagList: {TAG}}}}}]}}"),
        ("AWS::Scheduler::Schedule", "{Target: {Arn: x}}"),
        ("AWS::Synthetics::Canary", "{ResourcesToReplicateTags: [lambda-function]}"),
        ("AWS::FSx::FileSystem", "{LustreConfiguration: {}}"),
    ],
)
def test_a_setting_that_lets_tags_through_is_none(kind: str, properties: str) -> None:
    assert one(kind, properties).gaps == ()


def test_a_launch_template_has_its_own_tags_and_those_of_what_it_launches() -> None:
    specifications = f"[{{ResourceType: instance, Tags: {TAG}}}, {{ResourceType: volume, Tags: {TAG}}}]"
    found = below(one("AWS::EC2::LaunchTemplate", f"{{LaunchTemplateData: {{TagSpecifications: {specifications}}}}}"))
    assert {path: (held.tags, held.carries) for path, held in found.items()} == {
        "TagSpecifications[launch-template].Tags": ({}, ""),
        "LaunchTemplateData.TagSpecifications[0].Tags": ({"a": "b"}, "each instance"),
        "LaunchTemplateData.TagSpecifications[1].Tags": ({"a": "b"}, "each volume"),
    }


def test_volumes_without_a_specification_have_no_tags_instances_may_get_theirs_elsewhere() -> None:
    found = below(one("AWS::EC2::LaunchTemplate", "{LaunchTemplateData: {}}"))
    assert {path: held.tags for path, held in found.items()} == {
        "TagSpecifications[launch-template].Tags": {},
        "LaunchTemplateData.TagSpecifications[volume].Tags": {},
    }


def test_each_replica_of_a_global_table_has_its_tags() -> None:
    found = one("AWS::DynamoDB::GlobalTable", f"{{Replicas: [{{Region: a, Tags: {TAG}}}, {{Region: b}}]}}")
    assert [(held.path, held.tags) for held in found.sets] == [
        ("Replicas[0].Tags", {"a": "b"}),
        ("Replicas[1].Tags", {}),
    ]


def test_a_set_that_is_unknown_says_why() -> None:
    (held,) = one("AWS::DynamoDB::GlobalTable", "{Replicas: !Ref Names}").sets
    assert (held.path, held.tags) == ("Replicas", {})
    assert "the parameter Names" in held.more


GROUP = "AWS::AutoScaling::AutoScalingGroup"
TWO = (
    "[{Key: a, Value: b, PropagateAtLaunch: true}, {Key: c, Value: d, PropagateAtLaunch: false}, "
    "{Key: e, Value: f, PropagateAtLaunch: !Ref Free}]"
)


def test_instances_of_a_group_get_what_is_propagated() -> None:
    own, launched = one(GROUP, f"{{LaunchConfigurationName: x, Tags: {TWO}}}").sets
    assert (own.path, own.tags, own.carries) == ("Tags", {"a": "b", "c": "d", "e": "f"}, "")
    assert (launched.path, launched.tags) == ("Tags[PropagateAtLaunch]", {"a": "b"})
    assert launched.carries == "each instance that the group launches"
    assert launched.more.startswith("whether e is propagated is not known: the parameter Free")


TEMPLATE = (
    "T:\n  Type: AWS::EC2::LaunchTemplate\n  Properties: {LaunchTemplateData: {TagSpecifications: "
    "[{ResourceType: instance, Tags: [{Key: a, Value: below}, {Key: t, Value: u}]}]}}"
)


@pytest.mark.parametrize(
    "chosen",
    [
        "LaunchTemplate: {LaunchTemplateId: !Ref T, Version: 1}",
        "MixedInstancesPolicy: {LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: !Ref T}}}",
    ],
)
def test_instances_get_the_tags_of_their_launch_template_too(chosen: str) -> None:
    properties = f"{{{chosen}, Tags: [{{Key: a, Value: b, PropagateAtLaunch: true}}]}}"
    _, launched = one(GROUP, properties, TEMPLATE).sets
    assert (launched.tags, launched.more) == ({"a": "b", "t": "u"}, "")


def test_a_launch_template_from_elsewhere_may_give_further_tags() -> None:
    _, launched = one(GROUP, "{LaunchTemplate: {LaunchTemplateId: lt-1}, Tags: []}").sets
    assert (launched.tags, launched.more) == ({}, "the launch template may give further tags")


def test_nodes_get_the_tags_of_their_launch_template() -> None:
    own, nodes = one("AWS::EKS::Nodegroup", "{Tags: {x: y}, LaunchTemplate: {Id: !Ref T}}", TEMPLATE).sets
    assert own.tags == {"x": "y"}
    assert (nodes.path, nodes.tags, nodes.carries) == ("LaunchTemplate", {"a": "below", "t": "u"}, "each node")


def test_a_macro_leaves_settings_and_sets_unknown() -> None:
    _, (found,) = read("A: {Type: AWS::ECS::Service}", head="Transform: M\nResources:\n")
    assert [gap.unknown for gap in found.gaps] == [True]
    assert all("the macro M" in held.more for held in found.sets)
