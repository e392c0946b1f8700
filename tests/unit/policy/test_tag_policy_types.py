"""Names of resource types stand in AWS's table for one element, for both, for none, or not at all."""

import pytest

from harness.policy.tag_policy_types import Element, Standing, judge_type

ENFORCED: Element = "enforced_for"
REPORTED: Element = "report_required_tag_for"


@pytest.mark.parametrize(
    ("name", "element", "standing"),
    [
        ("ec2:instance", ENFORCED, "known"),
        ("ec2:instance", REPORTED, "known"),
        ("states:stateMachine", ENFORCED, "known"),
        ("appmesh:mesh/virtualnode", ENFORCED, "known"),
        ("sagemaker:endpoint", REPORTED, "known"),
        ("sagemaker:endpoint", ENFORCED, "other-element"),
        ("ec2:snapshot", REPORTED, "other-element"),
        ("autoscaling:autoScalingGroup", ENFORCED, "neither"),
        ("ec2:ALL_SUPPORTED", ENFORCED, "known"),
        ("ec2:all_supported", REPORTED, "known"),
        ("ec2:*", ENFORCED, "older-spelling"),
        ("sagemaker:ALL_SUPPORTED", ENFORCED, "whole"),
        ("sagemaker:*", ENFORCED, "whole"),
        ("connect:queue", ENFORCED, "renamed"),
        ("ec2:instances", ENFORCED, "unknown"),
        ("ec2", ENFORCED, "unknown"),
        ("nothing:here", ENFORCED, "unknown"),
        ("*", ENFORCED, "everything"),
        ("*:instance", REPORTED, "everything"),
    ],
)
def test_a_name_has_its_standing(name: str, element: Element, standing: Standing) -> None:
    assert judge_type(name, element).standing == standing


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("connect:queue", ("connect:instance/queue",)),
        ("ec2:instances", ("ec2:instance",)),
        ("ec2:*", ("ec2:ALL_SUPPORTED",)),
        ("dynamodbb:table", ("dynamodb:",)),
        ("zzzzzz:table", ()),
    ],
)
def test_the_nearest_names_are_given(name: str, nearest: tuple[str, ...]) -> None:
    assert judge_type(name, ENFORCED).nearest == nearest


def test_the_types_of_a_service_are_given_where_it_has_no_whole() -> None:
    assert "sagemaker:pipeline" in judge_type("sagemaker:ALL_SUPPORTED", ENFORCED).nearest
