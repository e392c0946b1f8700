"""What the judge remembers of values that are right must not let wrong ones pass."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.personal_data import may_be_personal, personal_data, shape_of
from harness.plan_check.cloudformation import read_template
from harness.plan_check.judge import Judge
from harness.plan_check.keys import Keys
from harness.plan_check.model import Resource, TagSet
from harness.plan_check.requirements import KeyRule, Requirements
from harness.plan_check.values import value_faults
from harness.type_facts import TypeFacts
from tests.unit.plan_check.plans import change, faults, plan, read

REQUIRED = Requirements((KeyRule("cost-center", ("*",), values=("0000", "5045")), KeyRule("build", pattern="b-[0-4]+")))
GOOD = {"cost-center": "5045"}


def rules(judge: Judge, **tags: object) -> list[str]:
    facts = TypeFacts(tags="map", property="tags", all=True)
    held = TagSet("tags", {**GOOD, **{name.replace("_", "-"): value for name, value in tags.items()}})
    return [
        fault.rule for fault in judge.faults(Resource("aws_sqs_queue.a", "aws_sqs_queue", facts, "create", (held,)))
    ]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"Name": "4111 1111 1111 1112"}, {"Name": "4111 1111 1111 1111"}, ["personal-data"]),
        ({"Name": "0000 0000 0000 0000"}, {"Name": "4111 1111 1111 1111"}, ["personal-data"]),
        ({"Name": "+00 000 000"}, {"Name": "+49 151 23456789"}, ["personal-data"]),
        ({"cost_center": "0000"}, {"cost_center": "1111"}, ["wrong-value"]),
        ({"build": "b-14"}, {"build": "b-15"}, ["value-pattern"]),
        ({"Name": "a-1"}, {"cost_center": "a-2"}, ["wrong-value"]),
        ({"Name": "a-1"}, {"aws:x": "a-2"}, ["reserved-key"]),
        ({"Name": "a-1"}, {"Name": 1}, ["value-characters"]),
        ({"Name": "a-1"}, {"Name": ["a-1"]}, ["value-characters"]),
        ({"Name": "a-1"}, {"Name": "a-2", "Further": "a-3"}, []),
    ],
)
def test_a_right_value_makes_no_other_right(
    first: dict[str, object], second: dict[str, object], found: list[str]
) -> None:
    judge = Judge(REQUIRED)
    assert rules(judge, **first) == []
    assert rules(judge, **second) == found


def test_another_case_of_a_deprecated_spelling_means_a_key_where_it_means_one() -> None:
    keys = Keys(Requirements((KeyRule("a", deprecated=("Team", "own")), KeyRule("b", deprecated=("team",)))))
    found = {key: (keys.meaning(key).key, keys.meaning(key).rule) for key in ("Team", "team", "TEAM", "OWN", "A")}
    old = "deprecated-key"
    assert found == {
        "Team": ("a", old),
        "team": ("b", old),
        "TEAM": ("", ""),
        "OWN": ("a", old),
        "A": ("a", "key-case"),
    }


@given(st.text(st.sampled_from("0123456789-+ @.AKIAgho_xeyJZ:/"), max_size=40))
def test_values_of_one_shape_are_all_worth_a_closer_look_or_none_is(value: str) -> None:
    assert may_be_personal(value) == may_be_personal(shape_of(value).decode())
    if personal_data(value):
        assert may_be_personal(value)


@given(st.text(st.sampled_from("0123456789-+ @.AKIAgho_xeyJZ:/#"), max_size=40), st.permutations("0123456789"))
def test_values_of_one_shape_have_the_same_faults_unless_they_may_be_personal(value: str, digits: list[str]) -> None:
    other = value.translate({ord(digit): digits[int(digit)] for digit in "0123456789"})
    keys = Keys(REQUIRED)
    if not may_be_personal(value):
        assert [*value_faults(keys, "Name", value, "tags", "")] == [*value_faults(keys, "Name", other, "tags", "")]


ON_VOLUMES = KeyRule("disk", ("aws_ebs_volume", "AWS::EC2::Volume"))
PARTS = Requirements((ON_VOLUMES, KeyRule("patch", ("AWS::EC2::Instance",))))


@pytest.mark.parametrize(
    ("address", "after", "found"),
    [
        ("aws_instance.i", {"tags_all": {"patch": "1"}, "volume_tags": {"disk": "1"}}, []),
        ("aws_instance.i", {"tags_all": {"disk": "1"}, "volume_tags": {"x": "1"}}, ["tags patch", "volume_tags disk"]),
        ("aws_instance.i", {"tags_all": {"patch": "1"}}, ["volume_tags disk"]),
        (
            "aws_launch_template.t",
            {"tags_all": {}},
            ["tag_specifications[instance].tags patch", "tag_specifications[volume].tags disk"],
        ),
        ("aws_sqs_queue.q", {"tags_all": {}}, []),
    ],
)
def test_a_part_must_carry_what_its_own_type_must(address: str, after: dict[str, object], found: list[str]) -> None:
    configuration = {"root_module": {"resources": [{"address": address, "provider_config_key": "aws"}]}}
    source = read(plan([change(address, after)], configuration))
    assert [f"{one.path} {one.key}" for one in faults(source, PARTS)[address]] == found


def test_a_part_of_a_template_must_carry_what_its_own_type_must() -> None:
    data = {"TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "disk", "Value": "1"}]}]}
    body = {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": data}}
    source = read_template(json.dumps({"Resources": {"T": body}}).encode(), "t.json")
    below = "LaunchTemplateData.TagSpecifications"
    assert [f"{one.path} {one.key}" for one in faults(source, PARTS)["T"]] == [
        f"{below}[0].Tags patch",
        f"{below}[volume].Tags disk",
    ]


PAREN = {**GOOD, "Name": "web (blue), v2", "for?": "1"}
PARENS = ["value-characters", "key-characters"]


@pytest.mark.parametrize(
    ("name", "after", "found"),
    [
        ("aws_vpc", {"tags": PAREN, "tags_all": PAREN}, []),
        ("aws_sqs_queue", {"tags": PAREN, "tags_all": PAREN}, PARENS),
        ("aws_default_vpc_dhcp_options", {"tags": PAREN, "tags_all": PAREN}, []),
        ("aws_api_gateway_vpc_link", {"tags": PAREN, "tags_all": PAREN}, PARENS),
        ("aws_ec2_tag", {"key": "Name", "value": "web (blue), v2"}, []),
        ("aws_ecs_tag", {"key": "Name", "value": "web (blue), v2"}, ["value-characters"]),
        ("aws_instance", {"tags": GOOD, "tags_all": GOOD, "volume_tags": PAREN}, []),
        ("aws_vpc", {"tags": {"cost-center": "(5045)"}, "tags_all": {"cost-center": "(5045)"}}, ["wrong-value"]),
        # The tags of what Batch makes go through Batch, which checks them, though it makes instances.
        (
            "aws_batch_compute_environment",
            {"tags_all": GOOD, "compute_resources": [{"type": "EC2", "tags": PAREN}]},
            PARENS,
        ),
    ],
)
def test_ec2_takes_any_character(name: str, after: dict[str, object], found: list[str]) -> None:
    judged = faults(read(plan([change(f"{name}.a", after)])), REQUIRED)
    assert [fault.rule for fault in judged.get(f"{name}.a", [])] == found


def test_what_ec2_takes_is_refused_elsewhere_after_it() -> None:
    both = [change(f"{name}.a", {"tags": PAREN, "tags_all": PAREN}) for name in ("aws_vpc", "aws_sqs_queue", "aws_vpc")]
    found = faults(read(plan(both)), REQUIRED)
    assert [fault.rule for fault in found["aws_sqs_queue.a"]] == PARENS


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("AWS::EC2::VPC", []),
        ("AWS::SQS::Queue", ["value-characters"]),
        ("AWS::RefactorSpaces::Service", ["value-characters"]),
    ],
)
def test_ec2_takes_any_character_of_a_template(name: str, found: list[str]) -> None:
    pairs = [{"Key": "cost-center", "Value": "5045"}, {"Key": "Name", "Value": "web (blue), v2"}]
    text = json.dumps({"Resources": {"A": {"Type": name, "Properties": {"Tags": pairs}}}})
    made = list(read_template(text.encode(), "template.json").resources)
    assert [fault.rule for fault in Judge(REQUIRED).faults(made[0])] == found
