"""Nested stacks of templates that lie beside each other have the tags of the stacks that make them."""

from pathlib import Path

import pytest

from harness.plan_check.run import Reading, check_inputs
from tests.unit.plan_check.required import requirements

TOPIC = "Parameters: {Stage: {Type: String}}\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {Tags: [%s]}}\n"
STACK = "  %s: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s, Tags: [%s]%s}}\n"
OWNER, STAGE = "{Key: owner, Value: ml}", "{Key: stage, Value: dev}"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def judged(folder: Path, *names: str, tags: dict[str, str] | None = None) -> dict[str, list[tuple[str, str]]]:
    paths = [str(folder / name) for name in names] or [str(folder)]
    result = check_inputs(paths, requirements(), Reading(stack_tags=tags or {}), "warn")
    found: dict[str, list[tuple[str, str]]] = {each.name.replace(f"{folder}/", ""): [] for each in result.inputs}
    for each in result.findings:
        found[each.input.replace(f"{folder}/", "")].append((each.address, each.fault.key))
    return found


def test_a_nested_stack_has_the_tags_of_its_parent(tmp_path: Path) -> None:
    write(tmp_path, child=TOPIC % STAGE, main="Resources:\n" + STACK % ("C", "./child.yaml", f"{OWNER}, {STAGE}", ""))
    assert judged(tmp_path) == {"main.yaml": [], "child.yaml (nested stack C of main.yaml)": []}
    assert judged(tmp_path, "child.yaml") == {"child.yaml": [("T", "owner")]}


def test_it_is_judged_once_for_each_parent_and_further_down(tmp_path: Path) -> None:
    stacks = STACK % ("A", "middle.yaml", OWNER, "") + STACK % ("B", "child.yaml", STAGE, "")
    write(tmp_path, child=TOPIC % "", middle="Resources:\n" + STACK % ("M", "child.yaml", STAGE, ""))
    write(tmp_path, main="Resources:\n" + stacks)
    assert judged(tmp_path) == {
        "main.yaml": [("A", "stage"), ("B", "owner")],
        "middle.yaml (nested stack A of main.yaml)": [],
        "child.yaml (nested stack M of middle.yaml)": [],
        "child.yaml (nested stack B of main.yaml)": [("T", "owner")],
    }
    assert judged(tmp_path, tags={"owner": "ml", "stage": "dev"}) == {name: [] for name in judged(tmp_path)}


def test_sam_applications_are_nested_stacks(tmp_path: Path) -> None:
    app = "  C: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml, Tags: {owner: ml, stage: dev}}}"
    write(tmp_path, child=TOPIC % "", main=f"Transform: AWS::Serverless-2016-10-31\nResources:\n{app}\n")
    assert judged(tmp_path) == {"main.yaml": [], "child.yaml (nested stack C of main.yaml)": []}


def test_what_a_parent_gives_as_text_is_known(tmp_path: Path) -> None:
    child = TOPIC % "{Key: stage, Value: !Ref Stage}"
    write(tmp_path, child=child)
    write(tmp_path, main="Resources:\n" + STACK % ("C", "child.yaml", f"{OWNER}, {STAGE}", ", Parameters: {Stage: x}"))
    assert judged(tmp_path)["child.yaml (nested stack C of main.yaml)"] == [("T", "stage")]


@pytest.mark.parametrize(
    "url", ["https://x.s3.amazonaws.com/child.yaml", "s3://x/child.yaml", "!Ref Stage", "other.yaml"]
)
def test_a_template_that_lies_elsewhere_is_no_nested_stack(tmp_path: Path, url: str) -> None:
    write(tmp_path, child=TOPIC % STAGE, main="Resources:\n" + STACK % ("C", url, f"{OWNER}, {STAGE}", ""))
    assert judged(tmp_path) == {"child.yaml": [("T", "owner")], "main.yaml": []}


def test_templates_that_name_each_other_and_stacks_that_will_not_be_there_end(tmp_path: Path) -> None:
    both = f"{OWNER}, {STAGE}"
    write(
        tmp_path,
        a="Resources:\n" + STACK % ("A", "b.yaml", both, ""),
        b="Resources:\n" + STACK % ("B", "a.yaml", "", ""),
    )
    assert set(judged(tmp_path)) == {
        "a.yaml",
        "b.yaml (nested stack A of a.yaml)",
        "a.yaml (nested stack B of b.yaml)",
    }
    never = STACK % ("C", "child.yaml", both, "")
    head = "Conditions: {N: !Equals [a, b]}\nResources:\n"
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").unlink()
    write(
        tmp_path,
        child=TOPIC % STAGE,
        main=head + never.replace("Type:", "Condition: N, Type:") + TOPIC.partition("\n  ")[2] % both,
    )
    assert judged(tmp_path)["child.yaml"] == [("T", "owner")]
