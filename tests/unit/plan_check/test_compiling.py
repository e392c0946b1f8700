"""What is required at a unit of an environment, and that it is kept until a file changes."""

import json
from pathlib import Path

import pytest

from harness.errors import TagrailError
from harness.plan_check.compiled import read_requirements
from harness.plan_check.requirements import KeyRule, Requirements
from tests.unit.plan_check.required import requirements

ROOT = Path(__file__).parents[3]
DICTIONARY = ROOT / "envs" / "tags.yaml"
ENVIRONMENT = ROOT / "envs" / "local" / "env.yaml"


def key(found: Requirements, name: str) -> KeyRule:
    return next(rule for rule in found.keys if rule.key == name)


def test_without_a_unit_the_values_of_units_may_be_meant_and_nothing_is_denied() -> None:
    found = requirements()
    assert key(found, "stage").values == ("dev", "test", "prod")
    assert key(found, "stage").elsewhere == {"Sandbox": ("play",)}
    assert (found.guarded, found.guardrail, key(found, "stage").enforced_for) == ((), (), ())


@pytest.mark.parametrize(
    ("unit", "values"),
    [("Sandbox", ("dev", "test", "prod", "play")), ("Sandbox/Team", ("dev", "test", "prod", "play")),
     ("Prod", ("dev", "test", "prod")), ("root", ("dev", "test", "prod"))],
)  # fmt: skip
def test_a_unit_has_the_values_of_those_above_it(unit: str, values: tuple[str, ...]) -> None:
    assert key(requirements(unit), "stage").values == values
    assert key(requirements(unit), "stage").elsewhere == {}


@pytest.mark.parametrize(
    ("unit", "is_denied"), [("Prod", True), ("Prod/Eu", True), ("Sandbox", False), ("root", False)]
)
def test_what_is_enforced_above_a_unit_denies_there(unit: str, is_denied: bool) -> None:  # noqa: FBT001
    found = requirements(unit)
    assert bool(key(found, "stage").enforced_for) is is_denied
    assert bool(found.guarded) is is_denied
    assert found.guardrail == (("owner", "size", "stage") if is_denied else ())


def test_a_key_is_checked_where_the_dictionary_says() -> None:
    found = requirements()
    assert key(found, "owner").checked_for == ("*",)
    assert key(found, "size").checked_for == ("AWS::EFS::FileSystem", "aws_efs_file_system")
    assert key(found, "backup").checked_for == ()


def test_a_unit_that_is_no_path_is_refused() -> None:
    with pytest.raises(TagrailError, match="--unit: must be a path of organizational units"):
        requirements("Prod//Eu")


def test_requirements_are_kept_until_a_file_changes(tmp_path: Path) -> None:
    dictionary = tmp_path / "tags.yaml"
    dictionary.write_bytes(DICTIONARY.read_bytes())
    first = read_requirements(dictionary, None, "", tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    assert read_requirements(dictionary, None, "", tmp_path / "cache") == first
    kept.write_bytes(kept.read_bytes()[:50])
    assert read_requirements(dictionary, None, "", tmp_path / "cache") == first, "a file cut short is made anew"
    text = dictionary.read_text(encoding="utf-8").replace("[dev, test, prod]", "[dev, test, prod, qa]")
    dictionary.write_text(text, encoding="utf-8")
    changed = read_requirements(dictionary, None, "", tmp_path / "cache")
    assert key(changed, "anycompany:workload:environment").values == ("dev", "test", "prod", "qa")


def test_each_unit_is_kept_for_itself_in_one_file(tmp_path: Path) -> None:
    units = ("Workloads/Prod", "Sandbox", "Workloads/Prod")
    found = [read_requirements(DICTIONARY, ENVIRONMENT, unit, tmp_path).place for unit in units]
    assert found == list(units)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    assert read_requirements(DICTIONARY, None, "", tmp_path / "cache").keys


def test_all_faults_of_a_dictionary_are_told(tmp_path: Path) -> None:
    (tmp_path / "tags.yaml").write_text(json.dumps({"version": 1, "tags": {"a,b": {}}}), encoding="utf-8")
    with pytest.raises(TagrailError, match="purpose"):
        read_requirements(tmp_path / "tags.yaml", None, "", None)
