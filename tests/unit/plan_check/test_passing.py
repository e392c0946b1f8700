"""What lets most resources of a plan pass at once lets none pass that a closer look finds wrong."""

import json
from pathlib import Path

import pytest

from harness.errors import TagrailError
from harness.plan_check.compiled import read_requirements
from harness.plan_check.judge import Judge
from harness.plan_check.model import Fault
from harness.plan_check.requirements import Requirements
from harness.plan_check.run import Reading, read_inputs
from tests.bench.plans import write_plan
from tests.unit.plan_check.plans import change, plan
from tests.unit.plan_check.required import requirements
from tests.unit.plan_check.test_corpus_inputs import PLANS, needs_corpus

ROOT = Path(__file__).parents[3]


def judged(file: Path, needed: Requirements, *, at_once: bool) -> tuple[int, dict[str, list[Fault]]]:
    """Return how many resources were judged, and the faults of those that have some."""
    judge = Judge(needed)
    (source,) = read_inputs([str(file)], Reading(passes=judge.passing if at_once else None), [])
    found = {each.address: judge.faults(each) for each in source.resources}
    return len(found) + source.passed, {address: faults for address, faults in found.items() if faults}


def test_the_faults_of_a_plan_of_all_kinds_are_the_same(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.json", 3_000)
    needed = read_requirements(ROOT / "envs" / "tags.yaml", None, "", None)
    count, faults = judged(tmp_path / "plan.json", needed, at_once=True)
    assert (count, faults) == judged(tmp_path / "plan.json", needed, at_once=False)
    assert (count > 2_000, len(faults) > 20) == (True, True)


@needs_corpus
def test_the_faults_of_public_plans_are_the_same() -> None:
    needed = read_requirements(ROOT / "envs" / "tags.yaml", None, "", None)
    compared = 0
    for file in PLANS:
        try:
            closely = judged(file, needed, at_once=False)
        except TagrailError:
            continue
        assert (file.name, judged(file, needed, at_once=True)) == (file.name, closely)
        compared += 1
    assert compared > 50


RIGHT = {"owner": "ml", "stage": "dev"}


@pytest.mark.parametrize(
    ("kind", "attribute", "held"),
    [
        ("aws_launch_template", "tag_specifications", [{"resource_type": "instance", "tags": {"owner": "ml"}}]),
        ("aws_instance", "root_block_device", [{"tags": {"owner": "ml", "stage": "wrong"}}]),
        ("aws_dynamodb_table", "replica", [{"region_name": "eu-west-1", "propagate_tags": False}]),
        ("aws_autoscaling_group", "tag", [{"key": "stage", "value": "wrong", "propagate_at_launch": True}]),
        ("aws_autoscaling_group", "tag", [{"key": "owner", "value": "ml", "propagate_at_launch": False}]),
    ],
)
def test_a_part_that_is_wrong_is_found_beside_ones_that_passed(
    tmp_path: Path, kind: str, attribute: str, held: list[object]
) -> None:
    body = {} if kind == "aws_autoscaling_group" else {"tags": RIGHT, "tags_all": RIGHT}
    entries = [change(f"aws_sqs_queue.q{number}", {"tags": RIGHT, "tags_all": RIGHT}) for number in range(3)]
    wrong = change(f"{kind}.wrong", {**body, attribute: held})
    (tmp_path / "plan.json").write_bytes(plan([*entries, wrong]))
    _, faults = judged(tmp_path / "plan.json", requirements(), at_once=True)
    assert faults == judged(tmp_path / "plan.json", requirements(), at_once=False)[1]
    assert f"{kind}.wrong" in faults, json.dumps(held)
