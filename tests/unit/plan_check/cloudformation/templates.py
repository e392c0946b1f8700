"""Build small templates for the tests of the reader."""

from collections.abc import Mapping
from typing import Any

from harness.plan_check.cloudformation import read_template
from harness.plan_check.model import Input, Resource, TagSet

HEAD = """
Parameters:
  Free: {Type: String, Default: dev}
  One: {Type: String, AllowedValues: [prod]}
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Secret: {Type: String, NoEcho: true}
  Path: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a}
  Names: {Type: CommaDelimitedList, Default: "a,b"}
Mappings:
  Centers:
    dev: {Code: 5045, List: [x, y]}
    prod: {Code: HR-2045, List: [z]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsEast: !Equals [!Ref "AWS::Region", us-east-1]
  NotEast: !Not [!Condition IsEast]
  Never: !Equals [a, b]
  Always: !Or [!Condition IsEast, !Equals [a, a]]
Resources:
"""


def read(resources: str, parameters: Mapping[str, str] | None = None, head: str = HEAD) -> tuple[Input, list[Resource]]:
    """Return the input and its resources; `resources` is YAML below Resources, from column 0."""
    body = "".join(f"  {line}\n" for line in resources.strip("\n").splitlines())
    made = read_template((head + body).encode(), "t.yaml", parameters)
    return made, list(made.resources)


def bucket(tags: str, parameters: Mapping[str, str] | None = None) -> Resource:
    """Return a bucket with these tags, written in YAML on one line."""
    _, (found,) = read(f"A:\n  Type: AWS::S3::Bucket\n  Properties:\n    Tags: {tags}", parameters)
    return found


def value(text: str, parameters: Mapping[str, str] | None = None) -> tuple[Any, TagSet]:
    """Return what the value of a tag comes to, and its set."""
    held = bucket(f"[{{Key: k, Value: {text}}}]", parameters).sets[0]
    return held.tags["k"], held
