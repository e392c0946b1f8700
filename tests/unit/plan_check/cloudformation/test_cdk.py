"""A CDK output folder: its stacks, nested assemblies and nested stacks, with the tags of each."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import InputError
from harness.plan_check.cloudformation import read_cdk
from harness.plan_check.model import UNKNOWN

BUCKET = {"Type": "AWS::S3::Bucket"}
NESTED = {
    "Type": "AWS::CloudFormation::Stack",
    "Metadata": {"aws:asset:path": "n.nested.template.json"},
    "Properties": {"TemplateURL": "x", "Tags": [{"Key": "own", "Value": {"Ref": "AWS::StackName"}}]},
}


def write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")


def stack(file: str, **more: Any) -> dict[str, Any]:
    return {"type": "aws:cloudformation:stack", "properties": {"templateFile": file, **more}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "cdk.out"
    old = {
        **stack("b.json"),
        "metadata": {"/B": [{"type": "aws:cdk:stack-tags", "data": [{"Key": "o", "Value": "p"}]}]},
    }
    artifacts = {
        "A": stack("a.json", tags={"s": "t"}, parameters={"P": "x"}),
        "B": old,
        "assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
    }
    write(root / "manifest.json", {"version": "40", "artifacts": artifacts})
    tags = {"Tags": [{"Key": "k", "Value": {"Ref": "P"}}]}
    a = {"Bucket": {**BUCKET, "Properties": tags}, "N": NESTED, "CDKMetadata": {"Type": "AWS::CDK::Metadata"}}
    write(root / "a.json", {"Parameters": {"P": {"Type": "String"}}, "Resources": a})
    write(root / "n.nested.template.json", {"Resources": {"Inner": BUCKET}})
    write(root / "b.json", {"Resources": {"Bucket": BUCKET}})
    write(root / "assembly-Prod" / "manifest.json", {"artifacts": {"C": stack("c.json", tags={"e": "prod"})}})
    write(root / "assembly-Prod" / "c.json", {"Resources": {"Bucket": BUCKET}})
    return root


def test_each_stack_is_an_input_with_its_tags(folder: Path) -> None:
    found = {made.name: {one.address: one.sets[0].tags for one in made.resources} for made in read_cdk(folder)}
    assert found == {
        "cdk.out/a.json": {"Bucket": {"s": "t", "k": "x"}, "N": {"s": "t", "own": UNKNOWN}},
        "cdk.out/n.nested.template.json": {"Inner": {"s": "t", "own": UNKNOWN}},
        "cdk.out/b.json": {"Bucket": {"o": "p"}},
        "cdk.out/assembly-Prod/c.json": {"Bucket": {"e": "prod"}},
    }


def test_what_is_not_judged_is_counted(folder: Path) -> None:
    assert read_cdk(folder)[0].skipped == {"untaggable": 1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "with artifacts. Do give the folder that cdk synth writes"),
        ({"artifacts": {"A": stack("../../x.json")}}, "must lie in the CDK output folder"),
        ({"artifacts": {"A": stack("gone.json")}}, r"gone\.json: must be a file that can be read"),
        (
            {"artifacts": {"A": {"type": "aws:cloudformation:stack"}}},
            r"artifacts\.A: must have properties\.templateFile",
        ),
        ({"artifacts": {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}}, "at most 10 deep"),
    ],
)
def test_a_broken_manifest_is_refused(folder: Path, change: dict[str, Any], words: str) -> None:
    write(folder / "manifest.json", change)
    with pytest.raises(InputError, match=words):
        read_cdk(folder)


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest\.json: must be a file that can be read"):
        read_cdk(tmp_path)
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json:1: must be JSON"):
        read_cdk(tmp_path)
