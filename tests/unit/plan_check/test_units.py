"""A unit that the organization does not have is refused, as far as the files beside the environment tell."""

import json
from pathlib import Path

import pytest

from harness.errors import TagrailError
from harness.plan_check.compiled import read_requirements
from tests.unit.plan_check.required import DICTIONARY, ENVIRONMENT

TAGS = {"values_by_ou": {"Sandbox": {"append": ["play"]}, "Workloads/Prod": {"remove": ["dev"]}}}
UNITS = [{"id": "ou-a-b", "path": path} for path in ("Workloads", "Workloads/Prod", "Workloads/Dev")]


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    tags = {**DICTIONARY["tags"], "stage": {**DICTIONARY["tags"]["stage"], **TAGS}}  # type: ignore[dict-item, index]
    file = tmp_path / "tags.yaml"
    file.write_text(json.dumps({**DICTIONARY, "tags": tags}, default=str), encoding="utf-8")
    return file


def environment(folder: Path, **more: object) -> Path:
    (folder / "x").mkdir(exist_ok=True)
    file = folder / "x" / "env.yaml"
    file.write_text(json.dumps({**ENVIRONMENT, **more}), encoding="utf-8")
    return file


def snapshot(folder: Path, units: list[dict[str, str]]) -> None:
    text = json.dumps({"organization": {"organizational_units": units}})
    (folder / "x" / "snapshot.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "unit", ["Workloads/Prdo", "workloads/Prod", "Workload/Prod", "Workloads/Prdo/Team", "Sandbxo"]
)
def test_a_slip_of_a_unit_that_is_named_is_refused(dictionary: Path, unit: str) -> None:
    with pytest.raises(TagrailError, match=f'--unit: must be a unit as .*; got "{unit}", and they have "'):
        read_requirements(dictionary, None, unit, None)


@pytest.mark.parametrize("unit", ["", "root", "Workloads", "Workloads/Prod/Team", "Workloads/Dev", "Workloads/Prod2"])
def test_a_unit_that_nothing_is_said_of_is_accepted(dictionary: Path, unit: str) -> None:
    assert read_requirements(dictionary, None, unit, None).place == unit


def test_a_slip_of_a_unit_of_the_environment_is_refused(dictionary: Path, tmp_path: Path) -> None:
    policy = {"organizational_units": {"Security/Audit": "enforce"}}
    with pytest.raises(TagrailError, match='got "Security/Aduit", and they have "Security/Audit"'):
        read_requirements(dictionary, environment(tmp_path, tag_policy=policy), "Security/Aduit", None)


@pytest.mark.parametrize(
    ("unit", "said"), [("Workloads/Prdo", 'Did you mean "Workloads/Prod"'), ("Q", "It has Workloads, Workloads/Dev")]
)
def test_a_snapshot_has_all_units(dictionary: Path, tmp_path: Path, unit: str, said: str) -> None:
    file = environment(tmp_path)
    cache = tmp_path / "cache"
    snapshot(tmp_path, [*UNITS, {"id": "ou-a-c", "path": unit}])
    assert read_requirements(dictionary, file, unit, cache).place == unit
    snapshot(tmp_path, UNITS)
    with pytest.raises(TagrailError, match=r"must be a unit of the organization in .*snapshot.yaml; got ") as error:
        read_requirements(dictionary, file, unit, cache)
    assert said in str(error.value)


def test_a_seed_has_all_units(dictionary: Path, tmp_path: Path) -> None:
    file = environment(tmp_path, target="emulator", emulator={"seed": "seed.yaml"})
    (tmp_path / "x" / "seed.yaml").write_text(json.dumps({"organization": {"organizational_units": UNITS}}))
    assert read_requirements(dictionary, file, "Workloads/Dev", None).place == "Workloads/Dev"
    with pytest.raises(TagrailError, match=r"must be a unit of the organization in .*seed.yaml; got "):
        read_requirements(dictionary, file, "Workloads/Test", None)
