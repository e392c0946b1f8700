"""No content crashes the reader: it is read, or refused with an expected error."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import TagrailError
from harness.plan_check.cloudformation import document_kind, open_document, read_deployment, read_template
from harness.plan_check.cloudformation.carriers import carriers
from tests.unit.plan_check.cloudformation.templates import HEAD

TEMPLATE = (
    HEAD
    + """
  A:
    Type: AWS::AutoScaling::AutoScalingGroup
    Condition: IsProd
    Properties: &p
      LaunchTemplate: {LaunchTemplateId: !Ref T}
      Tags: [!If [IsEast, {Key: a, Value: !Sub "${Free}-x", PropagateAtLaunch: true}, !Ref AWS::NoValue]]
  T: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {TagSpecifications: []}}}
  Fn::ForEach::L: [Id, [a, b], {"X${Id}": {Type: AWS::SSM::Parameter, Properties: {Tags: {k: !Select [0, [!Ref Id]]}}}}]
  E: {Type: AWS::Events::Rule, Properties: {<<: *p, Targets: [{EcsParameters: {TagList: !Split [",", !Ref Names]}}]}}
"""
).encode()

NAMES = (
    "Ref",
    "Condition",
    *(f"Fn::{name}" for name in ("Sub", "If", "Join", "Select", "Split", "FindInMap", "Equals")),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["Free", "Stage", "IsEast", "AWS::NoValue", "Centers", "${Stage}", "${Id}", "Tags", "instance"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from([*NAMES, "Key", "Value", "ResourceType", "Tags", "Fn::ForEach::L"]), inner, max_size=3
        ),
        st.builds(lambda name, held: {name: held}, st.sampled_from(NAMES), inner),
    ),
    max_leaves=20,
)
PROPERTIES = sorted({row.parts()[0][0] for rows in carriers().values() for row in rows} | {"Tags", "LaunchTemplate"})


def take(content: bytes) -> None:
    with contextlib.suppress(TagrailError):
        document_kind(open_document(content, "t"))
    with contextlib.suppress(TagrailError):
        read_deployment(content, "t", "Tags")
    with contextlib.suppress(TagrailError):
        made = read_template(content, "t")
        found = list(made.resources)
        assert all(one.sets or one.gaps for one in found if one.facts.tags)


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    take(content)


@given(st.text(alphabet="{}[]:,-?&*!|>'\"#%@ \n\tab<0~", max_size=60))
def test_any_yaml_signs(text: str) -> None:
    take(text.encode())


@given(st.integers(0, len(TEMPLATE)))
def test_a_truncated_template(end: int) -> None:
    take(TEMPLATE[:end])


@pytest.mark.thorough
@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, len(TEMPLATE) - 1), st.binary(min_size=1, max_size=3)), min_size=1, max_size=5)
)
def test_a_changed_template(changes: list[tuple[int, bytes]]) -> None:
    content = bytearray(TEMPLATE)
    for at, new in changes:
        content[at : at + len(new)] = new
    take(bytes(content))


@pytest.mark.thorough
@settings(max_examples=300)
@given(
    st.sampled_from([*sorted(carriers()), "AWS::S3::Bucket", "AWS::SSM::Parameter", "AWS::Serverless::Function"]),
    st.dictionaries(st.sampled_from(PROPERTIES), VALUES, max_size=4),
    VALUES,
    VALUES,
)
def test_any_values_in_a_template(kind: str, properties: object, other: object, condition: object) -> None:
    data = {
        "Parameters": {"Stage": {"Type": "String", "AllowedValues": ["a", "b"]}, "Free": other},
        "Conditions": {"IsEast": condition, "Other": {"Fn::Not": [{"Condition": "IsEast"}]}},
        "Mappings": {"Centers": {"a": {"b": other}}},
        "Globals": {"Function": other},
        "Resources": {
            "A": {"Type": kind, "Condition": "Other", "Properties": properties},
            "B": {"Type": kind, "Properties": other},
        },
    }
    take(json.dumps(data, allow_nan=False, default=str).encode() if _is_finite(data) else repr(data).encode())


def _is_finite(data: object) -> bool:
    try:
        json.dumps(data, allow_nan=False)
    except ValueError:
        return False
    return True
