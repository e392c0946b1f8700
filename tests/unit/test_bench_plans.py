"""The plans of `make bench-check`."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harness.plan_check.compiling import compile_files
from harness.plan_check.judge import Judge
from harness.plan_check.run import Reading, check_inputs
from harness.plan_check.terraform import decode_plan, read_resources
from tests.bench.plans import EVERY, FAULTS, write_plan

DICTIONARY = Path(__file__).parents[2] / "envs" / "tags.yaml"
RESOURCES = 2 * EVERY * len(FAULTS)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plans") / "plan.json"
    write_plan(file, RESOURCES)
    return file


@pytest.fixture(scope="module")
def written(plan: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(plan.read_bytes())
    return found


def test_a_plan_is_the_same_each_time(plan: Path, tmp_path: Path) -> None:
    write_plan(tmp_path / "again.json", RESOURCES)
    assert (tmp_path / "again.json").read_bytes() == plan.read_bytes()


def test_it_has_as_many_resources_as_asked_for_each_with_an_address_of_its_own(written: dict[str, Any]) -> None:
    addresses = {change["address"] for change in written["resource_changes"]}
    assert len(addresses) == len(written["resource_changes"]) == RESOURCES


def test_a_tenth_changes_and_a_tenth_stays(written: dict[str, Any]) -> None:
    actions = Counter(change["change"]["actions"][0] for change in written["resource_changes"])
    assert {name: round(number / RESOURCES, 1) for name, number in actions.items()} == {
        "create": 0.8,
        "update": 0.1,
        "no-op": 0.1,
    }


def test_bytes_are_shared_as_in_plans_of_real_projects(plan: Path, written: dict[str, Any]) -> None:
    whole = plan.stat().st_size
    sizes = {name: len(json.dumps(part, separators=(",", ":"))) / whole for name, part in written.items()}
    assert 3_000 < whole / RESOURCES < 8_000
    assert 0.45 < sizes["resource_changes"] < 0.6
    assert 0.25 < sizes["planned_values"] < 0.38
    assert 0.1 < sizes["prior_state"] < 0.2


def test_resources_that_pass_at_once_have_no_fault(plan: Path) -> None:
    requirements = compile_files(DICTIONARY, None, "")
    result = check_inputs([str(plan)], requirements, Reading(), "warn")
    judge = Judge(requirements)
    resources = [*read_resources(decode_plan(plan.read_bytes(), "plan"), "plan").resources]
    faults = sorted((each.address, fault.rule, fault.key) for each in resources for fault in judge.faults(each))
    assert sorted((each.address, each.fault.rule, each.fault.key) for each in result.findings) == faults
    assert result.judged == len(resources)


def test_one_resource_in_a_hundred_has_a_fault_and_each_kind_is_found(plan: Path) -> None:
    result = check_inputs([str(plan)], compile_files(DICTIONARY, None, ""), Reading(), "warn")
    faulty = {finding.address for finding in result.findings}
    assert {finding.fault.rule for finding in result.findings} >= FAULTS.keys()
    assert len(faulty) in (RESOURCES // EVERY, RESOURCES // EVERY - 1)
